//! Publishes the generated files and types of this crate to its dependents.

use std::path::{Path, PathBuf, absolute};

use rgrpc_codegen::{Diagnostic, Errors, FileExports, Options};

use super::Links;
use super::list::{self, Published};
use crate::directives::Directives;
use crate::environment::Environment;

/// The types that a run generated, and their sources.
pub(crate) struct Generated {
    pub(crate) exports: Vec<FileExports>,
    /// The include folders of this crate.
    pub(crate) includes: Vec<PathBuf>,
    /// The descriptors of the files and their imports.
    pub(crate) descriptor_set: Vec<u8>,
}

/// Returns the paths and contents of the files to publish: the list of crates and the descriptor set. None outside of a build script.
///
/// `module` is the path of the module that includes the code, such as `crate::proto`.
pub(crate) fn publish(
    module: &str,
    generated: Generated,
    links: &Links,
    environment: &Environment,
    directives: &mut Directives,
) -> Result<Vec<(PathBuf, Vec<u8>)>, Errors> {
    let Some(folder) = environment.out_dir.as_ref().filter(|_| environment.build_script) else {
        return Ok(Vec::new());
    };
    // cargo takes the name of the package and the key `links` from there.
    directives.rerun_if_changed(Path::new("Cargo.toml"));
    let descriptor_set = folder.join("links.binpb");
    let list = folder.join("links.rgrpc");
    let package = environment.package.clone().unwrap_or_default();
    let key = environment.links.clone().ok_or_else(|| {
        Diagnostic::new(format!("the crate `{package}` publishes its types, but its manifest has no key `links`"))
            .help(format!("add `links = \"{package}\"` to [package] in Cargo.toml"))
    })?;
    let module = external_path(module, &package)?;
    let own = Published {
        links: key,
        descriptor_set: descriptor_set.clone(),
        includes: generated.includes.iter().map(|include| absolute(include).unwrap_or(include.clone())).collect(),
        files: generated.exports.into_iter().map(|exports| with_external_paths(&module, exports)).collect(),
        package,
    };
    let text = list::text([&own].into_iter().chain(links.0.values().map(|linked| &linked.published)));
    directives.metadata("rgrpc", &list);
    Ok(vec![(list, text.into_bytes()), (descriptor_set, generated.descriptor_set)])
}

/// The path of a module from another crate: `::common::proto` for `crate::proto` of the package `common`. A path that starts with `::` stays as
/// it is.
fn external_path(module: &str, package: &str) -> Result<String, Errors> {
    let path = match module.strip_prefix("crate") {
        Some(rest) if rest.is_empty() || rest.starts_with("::") => format!("::{}{rest}", package.replace('-', "_")),
        _ => module.to_owned(),
    };
    if !path.starts_with("::") || Options::default().set("extern_path", Some(&format!(".p={path}"))).is_err() {
        let message = format!("publish: `{module}` is not the path of a module");
        return Err(Diagnostic::new(message)
            .help(
                "name the module that includes the code, such as `crate::proto`, or `::name::proto` if the library is not named \
                 like the package",
            )
            .into());
    }
    Ok(path)
}

/// The exports with the paths of their types from another crate: below the module, or elsewhere if this crate does not generate them.
fn with_external_paths(module: &str, exports: FileExports) -> FileExports {
    let krate = module.split("::").nth(1).unwrap_or_default();
    let path = |rust: String| match rust.strip_prefix("crate::") {
        Some(rest) => format!("::{krate}::{rest}"),
        None if rust.starts_with("::") => rust,
        None => format!("{module}::{rust}"),
    };
    FileExports::new(exports.file, exports.paths.into_iter().map(|(proto, rust)| (proto, path(rust))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_modules_start_with_the_crate() {
        for (module, package, expected) in [
            ("crate", "common", Some("::common")),
            ("crate::proto", "common", Some("::common::proto")),
            ("crate::proto", "my-common-types", Some("::my_common_types::proto")),
            ("::other::r#gen", "common", Some("::other::r#gen")),
            ("proto", "common", None),
            ("crate::", "common", None),
            ("crates::proto", "common", None),
            ("self::proto", "common", None),
            ("", "common", None),
        ] {
            assert_eq!(external_path(module, package).ok().as_deref(), expected, "{module}");
        }
    }

    #[test]
    fn types_of_other_modules_and_crates_keep_their_place() {
        let paths = [(".a.A", "a::A"), (".a.B", "::b::B"), (".a.C", "crate::c::C")];
        let own = |paths: [(&str, &str); 3]| paths.map(|(a, b)| (a.to_owned(), b.to_owned())).into();
        let found = with_external_paths("::other::proto", FileExports::new("", own(paths)));
        let expected = [(".a.A", "::other::proto::a::A"), (".a.B", "::b::B"), (".a.C", "::other::c::C")];
        assert_eq!(found.paths, own(expected));
    }
}
