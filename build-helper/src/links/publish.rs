//! Generated files in; a list for its dependents, and the line that tells cargo of it, out.

use std::path::{Path, PathBuf, absolute};

use rgrpc_codegen::{Diagnostic, Errors, FileExports, Options};

use super::Links;
use super::list::{self, Published};
use crate::directives::Directives;
use crate::environment::Environment;

/// The files that a call generated, and their sources.
pub(crate) struct Generated {
    pub(crate) types: Vec<FileExports>,
    /// The folders of this crate from which its files import each other.
    pub(crate) includes: Vec<PathBuf>,
    /// The descriptors of the files and of all that they import.
    pub(crate) descriptor_set: Vec<u8>,
}

/// The files that tell dependents of this crate and of those below it, by their paths; `module` is the one that mounts the code:
/// `crate::proto`. None outside of a build script.
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
    // The name and the key are read there.
    directives.rerun_if_changed(Path::new("Cargo.toml"));
    let descriptor_set = folder.join("links.binpb");
    let list = folder.join("links.rgrpc");
    let package = environment.package.clone().unwrap_or_default();
    let key = environment.links.clone().ok_or_else(|| {
        Diagnostic::new(format!("the crate `{package}` publishes its types, but its manifest has no key `links`"))
            .help(format!("add `links = \"{package}\"` to [package] in Cargo.toml, so that cargo tells its dependents"))
    })?;
    let module = outside(module, &package)?;
    let own = Published {
        links: key,
        descriptor_set: descriptor_set.clone(),
        includes: generated.includes.iter().map(|include| absolute(include).unwrap_or(include.clone())).collect(),
        files: generated.types.into_iter().map(|types| below(&module, types)).collect(),
        package,
    };
    let text = list::text([&own].into_iter().chain(links.0.values().map(|linked| &linked.published)));
    directives.metadata("rgrpc", &list);
    Ok(vec![(list, text.into_bytes()), (descriptor_set, generated.descriptor_set)])
}

/// `::common::proto` for `crate::proto` of the package `common`. A path that begins with `::` is that already.
fn outside(module: &str, package: &str) -> Result<String, Errors> {
    let outside = match module.strip_prefix("crate") {
        Some(rest) if rest.is_empty() || rest.starts_with("::") => format!("::{}{rest}", package.replace('-', "_")),
        _ => module.to_owned(),
    };
    if !outside.starts_with("::") || Options::default().set("extern_path", Some(&format!(".p={outside}"))).is_err() {
        let message = format!("publish: `{module}` is not the path of a module");
        return Err(Diagnostic::new(message)
            .help("write where the code is mounted, such as `crate::proto`, or `::name::proto` if the library has another name than the package")
            .into());
    }
    Ok(outside)
}

/// The types as a dependent finds them: below the module, or elsewhere if they are not generated here.
fn below(module: &str, types: FileExports) -> FileExports {
    let krate = module.split("::").nth(1).unwrap_or_default();
    let path = |rust: String| match rust.strip_prefix("crate::") {
        Some(rest) => format!("::{krate}::{rest}"),
        None if rust.starts_with("::") => rust,
        None => format!("{module}::{rust}"),
    };
    FileExports::new(types.file, types.paths.into_iter().map(|(proto, rust)| (proto, path(rust))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_named_from_outside() {
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
            assert_eq!(outside(module, package).ok().as_deref(), expected, "{module}");
        }
    }

    #[test]
    fn types_that_are_elsewhere_stay_there() {
        let paths = [(".a.A", "a::A"), (".a.B", "::b::B"), (".a.C", "crate::c::C")];
        let own = |paths: [(&str, &str); 3]| paths.map(|(a, b)| (a.to_owned(), b.to_owned())).into();
        let found = below("::other::proto", FileExports::new("", own(paths)));
        let expected = [(".a.A", "::other::proto::a::A"), (".a.B", "::b::B"), (".a.C", "::other::c::C")];
        assert_eq!(found.paths, own(expected));
    }
}
