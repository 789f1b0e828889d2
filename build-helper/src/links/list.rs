//! The format of the list that a crate publishes for its dependents: the files and types that it and its dependencies generate.

use std::fmt::Write as _;
use std::path::PathBuf;

use rgrpc_codegen::FileExports;

/// The entry of one crate in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Published {
    pub(super) links: String,
    /// The name of its package.
    pub(super) package: String,
    /// The descriptor set of its files and their imports.
    pub(super) descriptor_set: PathBuf,
    /// Its include folders.
    pub(super) includes: Vec<PathBuf>,
    /// The files that it generates, with the Rust paths of their types: `::common::proto::common::v1::Money`.
    pub(super) files: Vec<FileExports>,
}

/// The first line, which identifies the version of the format.
const FORMAT: &str = "rgrpc-links 1";

/// The text of a list: after the first line, one line per property, as a keyword and its value, crate by crate.
pub(super) fn text<'a>(crates: impl IntoIterator<Item = &'a Published>) -> String {
    let mut text = format!("{FORMAT}\n");
    let mut line = |word: &str, value: &str| _ = writeln!(text, "{word} {value}");
    for published in crates {
        line("links", &published.links);
        line("package", &published.package);
        line("descriptor_set", &published.descriptor_set.display().to_string());
        published.includes.iter().for_each(|include| line("include", &include.display().to_string()));
        for exports in &published.files {
            line("file", &exports.file);
            exports.paths.iter().for_each(|(proto, rust)| line("type", &format!("{proto} {rust}")));
        }
    }
    text
}

/// The crates of a list, starting with the one that wrote it; `None` if the text is not a list of this version.
pub(super) fn parse(text: &str) -> Option<Vec<Published>> {
    let mut lines = text.lines();
    lines.next().filter(|first| *first == FORMAT)?;
    let mut crates = Vec::new();
    for (word, value) in lines.map(|line| line.split_once(' ').unwrap_or((line, ""))) {
        if word == "links" {
            crates.push(Published {
                links: value.to_owned(),
                package: String::new(),
                descriptor_set: PathBuf::new(),
                includes: Vec::new(),
                files: Vec::new(),
            });
            continue;
        }
        let published = crates.last_mut()?;
        match word {
            "package" => value.clone_into(&mut published.package),
            "descriptor_set" => published.descriptor_set = value.into(),
            "include" => published.includes.push(value.into()),
            "file" => published.files.push(FileExports::new(value, [].into())),
            "type" => {
                let (proto, rust) = value.split_once(' ')?;
                published.files.last_mut()?.paths.insert(proto.to_owned(), rust.to_owned());
            }
            _ => return None,
        }
    }
    Some(crates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsing_a_list_returns_its_crates() {
        let published = |links: &str| Published {
            links: links.to_owned(),
            package: format!("the-{links}"),
            descriptor_set: "/out dir/links.binpb".into(),
            includes: vec!["/a b/proto".into(), "/c".into()],
            files: vec![
                FileExports::new("a/with space.proto", [(".a.B".to_owned(), "::x::a::B".to_owned())].into()),
                FileExports::new("empty.proto", [].into()),
            ],
        };
        let crates = [published("one"), published("two")];
        assert_eq!(parse(&text(&crates)), Some(crates.to_vec()));
    }

    #[test]
    fn other_texts_are_not_parsed() {
        for text in ["", "rgrpc-links 2\n", "rgrpc-links 1\nfile a.proto\n", "rgrpc-links 1\nlinks a\nnews b\n"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
