//! Paths as a build script lists them in, names as imports spell them out.

use std::collections::BTreeSet;
use std::fs::{self, canonicalize};
use std::io::ErrorKind;
use std::path::{Path, PathBuf, absolute};

use rgrpc_codegen::{Diagnostic, Errors};

use rgrpc_schema::bundled;

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

/// The names of the listed files, each once: relative to the first include folder that contains it.
pub(crate) fn names(listed: &[impl AsRef<Path>], includes: &[PathBuf]) -> Result<Vec<String>, Errors> {
    let mut errors = Errors::default();
    let mut names = Vec::new();
    let mut seen = BTreeSet::new();
    if listed.is_empty() {
        errors.push(Diagnostic::new("no files to generate").help("list at least one .proto file"));
    }
    for path in listed {
        match name(&plain(path.as_ref()), includes) {
            Ok(name) if seen.insert(name.clone()) => names.push(name),
            Ok(_) => {}
            Err(error) => errors.push(error),
        }
    }
    errors.finish()?;
    Ok(names)
}

/// The file of a name in the include folders.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    File(PathBuf),
    /// A folder, a pipe, a device.
    Other(PathBuf),
    Nothing,
}

/// Resolves an import of `name`: the file in the first include folder that has one.
pub(crate) fn find(name: &str, includes: &[PathBuf]) -> Found {
    // Any other name means nothing to protoc.
    if canonical(name).as_deref() != Some(name) {
        return Found::Nothing;
    }
    let mut other = Found::Nothing;
    for path in includes.iter().map(|include| join(include, name)) {
        match fs::metadata(&path).map(|metadata| metadata.is_file()) {
            Ok(false) if other == Found::Nothing => other = Found::Other(path),
            Ok(false) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            // What it is that cannot be read is told by reading it.
            Ok(true) | Err(_) => return Found::File(path),
        }
    }
    other
}

/// The name that an import has to spell for what it means: `a/b.proto` for `./a//b.proto`.
pub(crate) fn canonical(name: &str) -> Option<String> {
    proto_name(Path::new(&name.replace('\\', "/")))
}

/// The error of a path that leads to no plain file.
pub(crate) fn refuse(path: &Path) -> Diagnostic {
    let shown = path.display();
    if path.is_dir() {
        Diagnostic::new(format!("`{shown}` is a folder")).help("list the .proto files in it")
    } else {
        Diagnostic::new(format!("`{shown}` is not a regular file")).help("copy what it gives to a file")
    }
}

/// Whether an import of `name` finds a file.
pub(crate) fn exists(name: &str, includes: &[PathBuf]) -> bool {
    matches!(find(name, includes), Found::File(_))
}

/// `proto, third_party`
pub(crate) fn list(includes: &[PathBuf]) -> String {
    includes.iter().map(|include| format!("`{}`", include.display())).collect::<Vec<_>>().join(", ")
}

fn name(path: &Path, includes: &[PathBuf]) -> Result<String, Diagnostic> {
    let shown = path.display();
    if path.exists() && !path.is_file() {
        return Err(refuse(path));
    }
    let is_known = |name: &String| exists(name, includes) || bundled::descriptor(name).is_some();
    let known = || proto_name(path).filter(is_known);
    if !path.is_file() {
        return known().ok_or_else(|| {
            Diagnostic::new(format!("`{shown}` does not exist"))
                .help(format!("searched the current folder and {}", list(includes)))
        });
    }
    let Some(name) = includes.iter().find_map(|include| below(path, include)) else {
        // protoc takes it for a name then.
        return known().ok_or_else(|| {
            Diagnostic::new(format!("`{shown}` is in none of the include folders"))
                .help(format!("they are {}; add the folder from which other files would import it", list(includes)))
        });
    };
    match find(&name, includes) {
        Found::File(found) if !same(&found, path) => {
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
