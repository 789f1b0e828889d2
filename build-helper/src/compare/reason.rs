//! The text of a stale file and of its successor in, why they differ out, as far as their headers tell.

use rgrpc_codegen::Header;

pub(super) fn of(committed: &str, generated: &str) -> String {
    let Some((old, new)) = Header::parse(committed).zip(Header::parse(generated)) else {
        return "it does not start as a generated file does".to_owned();
    };
    let mut reasons = Vec::new();
    if !old.matches(committed) {
        reasons.push("it was edited or reformatted after it was generated".to_owned());
    }
    let same_version = old.version == new.version;
    if !same_version {
        reasons.push(format!("rgrpc {} generated it, and this is {}", old.version, new.version));
    }
    // A header without hashes tells no more.
    let is_whole = !old.options.is_empty();
    let same_options = old.options == new.options;
    if is_whole && !same_options {
        reasons.push("the options changed".to_owned());
    }
    // A file depends on nothing else; other versions and options make other code of the same schema.
    if is_whole && same_version && same_options && old.code != new.code {
        let has_config = [committed, generated].iter().any(|text| text.contains("\npub const SERVICE_CONFIG: &str = "));
        let changed = if has_config { "the schema or the service config" } else { "the schema" };
        reasons.push(format!("{changed} changed"));
    }
    if reasons.is_empty() {
        reasons.push("the schema changed in what it embeds, or in the names of its files".to_owned());
    }
    reasons.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rgrpc_codegen::{DescriptorSet, Options, generate};

    const EDITED: &str = "it was edited or reformatted after it was generated";

    /// The one file of a package that holds a message.
    fn made(options: &str, file: &str, message: &str) -> String {
        let field = |key: u8, bytes: &[u8]| [&[key, u8::try_from(bytes.len()).unwrap()], bytes].concat();
        let file = [field(0x0a, file.as_bytes()), field(0x12, b"p"), field(0x22, &field(0x0a, message.as_bytes()))];
        let set = DescriptorSet::decode(field(0x0a, &file.concat())).unwrap();
        let names: Vec<_> = set.file_names().collect();
        let output = generate(&set, &names, &Options::parse(options).unwrap()).unwrap();
        output.files.into_iter().find(|file| file.name == "p.rs").unwrap().content
    }

    #[test]
    fn each_cause_is_told_from_the_others() {
        let old = made("", "a.proto", "A");
        let version = |text: &str| text.replacen(concat!("rgrpc ", env!("CARGO_PKG_VERSION")), "rgrpc 0.0.9", 1);
        let version_reason = format!("rgrpc 0.0.9 generated it, and this is {}", env!("CARGO_PKG_VERSION"));
        for (committed, generated, expected) in [
            (old.clone(), made("", "a.proto", "B"), "the schema changed"),
            (old.clone(), made("build_client=false", "a.proto", "A"), "the options changed"),
            (old.clone(), made("build_client=false", "a.proto", "B"), "the options changed"),
            (version(&old), old.clone(), &version_reason),
            (old.replace("struct A", "struct Mine"), old.clone(), EDITED),
            (
                old.replace("struct A", "struct Mine"),
                made("", "a.proto", "B"),
                &format!("{EDITED}; the schema changed"),
            ),
            (
                version(&old) + "\n",
                made("json", "a.proto", "A"),
                &format!("{EDITED}; {version_reason}; the options changed"),
            ),
            (old.lines().next().unwrap().to_owned(), old.clone(), EDITED),
            (
                old.clone(),
                made("", "b.proto", "A"),
                "the schema changed in what it embeds, or in the names of its files",
            ),
            ("pub struct A;".to_owned(), old.clone(), "it does not start as a generated file does"),
            (String::new(), old.clone(), "it does not start as a generated file does"),
        ] {
            assert_eq!(of(&committed, &generated), expected, "{committed}\n{generated}");
        }
    }
}
