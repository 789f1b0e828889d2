//! Paths as a build script lists them in, names as imports spell them out.

use std::collections::BTreeSet;
use std::fs::canonicalize;
use std::path::{Path, PathBuf, absolute};

use rgrpc_codegen::{Diagnostic, Errors};

use crate::front_end;
use crate::portable::{plain, proto_name};

/// The folders to import from; none means the current folder, as for protoc.
pub(crate) fn includes(listed: &[impl AsRef<Path>]) -> Result<Vec<PathBuf>, Errors> {
    let mut errors = Errors::default();
    let includes: Vec<PathBuf> = listed.iter().map(|include| plain(include.as_ref())).collect();
    for include in includes.iter().filter(|include| !include.is_dir()) {
        let what = if include.exists() { "is not a folder" } else { "does not exist" };
        let help = "includes are the folders from which the files import each other";
        errors.push(Diagnostic::new(format!("include folder `{}` {what}", include.display())).help(help));
    }
    errors.finish()?;
    Ok(if includes.is_empty() { vec![PathBuf::from(".")] } else { includes })
}

/// The names of the listed files, sorted: each relative to the first include folder that contains it.
pub(crate) fn names(listed: &[impl AsRef<Path>], includes: &[PathBuf]) -> Result<Vec<String>, Errors> {
    let mut errors = Errors::default();
    let mut names = BTreeSet::new();
    if listed.is_empty() {
        errors.push(Diagnostic::new("no files to generate").help("list at least one .proto file"));
    }
    for path in listed {
        match name(&plain(path.as_ref()), includes) {
            Ok(name) => _ = names.insert(name),
            Err(error) => errors.push(error),
        }
    }
    errors.finish()?;
    Ok(names.into_iter().collect())
}

/// The file that an import of `name` means: the one in the first include folder that has it.
pub(crate) fn find(name: &str, includes: &[PathBuf]) -> Option<PathBuf> {
    // A name that leaves its folder means nothing to protoc.
    (proto_name(Path::new(name))? == name).then_some(())?;
    includes.iter().map(|include| join(include, name)).find(|path| path.is_file())
}

/// `proto, third_party`
pub(crate) fn list(includes: &[PathBuf]) -> String {
    includes.iter().map(|include| format!("`{}`", include.display())).collect::<Vec<_>>().join(", ")
}

fn name(path: &Path, includes: &[PathBuf]) -> Result<String, Diagnostic> {
    let shown = path.display();
    if path.is_dir() {
        return Err(Diagnostic::new(format!("`{shown}` is a folder")).help("list the .proto files in it"));
    }
    if !path.is_file() {
        let name = proto_name(path).filter(|name| find(name, includes).is_some() || front_end::is_bundled(name));
        return name.ok_or_else(|| {
            Diagnostic::new(format!("`{shown}` does not exist"))
                .help(format!("searched the current folder and {}", list(includes)))
        });
    }
    let name = includes.iter().find_map(|include| below(path, include)).ok_or_else(|| {
        Diagnostic::new(format!("`{shown}` is in none of the include folders"))
            .help(format!("they are {}; add the folder from which other files would import it", list(includes)))
    })?;
    match find(&name, includes) {
        Some(found) if !same(&found, path) => {
            Err(Diagnostic::new(format!("`{shown}` is hidden by `{}`: both are `{name}`", found.display()))
                .help("list the other file, or change the order of the include folders"))
        }
        _ => Ok(name),
    }
}

/// The name of `path` below `include`, whether they are given as relative, absolute or through links.
fn below(path: &Path, include: &Path) -> Option<String> {
    let name = |path: &Path, include: &Path| proto_name(path.strip_prefix(include).ok()?);
    name(path, include)
        .or_else(|| name(&absolute(path).ok()?, &absolute(include).ok()?))
        .or_else(|| name(&canonicalize(path).ok()?, &canonicalize(include).ok()?))
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || canonicalize(a).ok().zip(canonicalize(b).ok()).is_some_and(|(a, b)| a == b)
}

fn join(include: &Path, name: &str) -> PathBuf {
    if include == Path::new(".") { PathBuf::from(name) } else { include.join(name) }
}
