//! Resolves listed paths to import names, and import names to files in the include folders.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, canonicalize};
use std::io::ErrorKind;
use std::path::{Path, PathBuf, absolute};

use rgrpc_codegen::{Diagnostic, Errors};
use rgrpc_schema::{bundled, nearest};

use crate::folders;
use crate::io_error::io_error;
use crate::proto_paths::{plain, proto_name};

/// The largest number of entries of a folder that are compared with a misspelled name.
const MAX_ENTRIES: usize = 2000;

/// The include folders; if none are listed, the current folder, as for protoc.
pub(crate) fn includes(listed: &[impl AsRef<Path>]) -> Result<Vec<PathBuf>, Errors> {
    let mut errors = Errors::default();
    let includes: Vec<PathBuf> = listed.iter().map(|include| plain(include.as_ref())).collect();
    for include in includes.iter().filter(|include| !include.is_dir()) {
        let what = if include.exists() { "is not a folder" } else { "does not exist" };
        let help = || "include folders are the folders that imports are relative to".to_owned();
        let error = Diagnostic::new(format!("include folder `{}` {what}", include.display()));
        errors.push(error.help(near(include).unwrap_or_else(help)));
    }
    errors.finish()?;
    Ok(if includes.is_empty() { vec![here()] } else { includes })
}

/// The current folder.
pub(crate) fn here() -> PathBuf {
    PathBuf::from(".")
}

/// The import names of the listed files, and of the files below the listed folders, each once. A name is relative to the first include folder
/// that contains the file. Calls `probed` with each path in the include folders before checking it.
pub(crate) fn names(
    listed: &[impl AsRef<Path>],
    includes: &[PathBuf],
    probed: &mut impl FnMut(PathBuf),
) -> Result<Vec<String>, Errors> {
    let mut errors = Errors::default();
    let mut names = Vec::new();
    let mut seen = BTreeSet::new();
    if listed.is_empty() {
        errors.push(no_files());
    }
    for path in listed.iter().map(|path| plain(path.as_ref())) {
        let files = if path.is_dir() { below(&path) } else { Ok(vec![path]) };
        let files = files.unwrap_or_else(|error| {
            errors.push(error);
            Vec::new()
        });
        for file in files {
            match name(&file, includes, probed) {
                Ok(name) if seen.insert(name.clone()) => names.push(name),
                Ok(_) => {}
                Err(error) => errors.push(error),
            }
        }
    }
    errors.finish()?;
    Ok(names)
}

/// The error if no files are listed.
pub(crate) fn no_files() -> Diagnostic {
    Diagnostic::new("no files to generate").help("name .proto files or folders, or set `inputs` in rgrpc.toml")
}

/// The files below a listed folder; fails if there are none.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let files = folders::protos(folder).map_err(|error| io_error("read", folder, &error))?;
    if files.is_empty() {
        let error = Diagnostic::new(format!("there are no .proto files in `{}` or below it", folder.display()));
        return Err(error.help("name the folder that contains them"));
    }
    Ok(files)
}

/// The result of looking for an import in the include folders.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    File(PathBuf),
    /// A folder, a pipe or a device.
    Other(PathBuf),
    Nothing,
}

/// Resolves an import of `name` to the file in the first include folder that has one. Calls `probed` with each path before checking it.
pub(crate) fn find(name: &str, includes: &[PathBuf], probed: &mut impl FnMut(PathBuf)) -> Found {
    // protoc rejects other spellings.
    if canonical(name).as_deref() != Some(name) {
        return Found::Nothing;
    }
    let mut other = Found::Nothing;
    for path in includes.iter().map(|include| join(include, name)) {
        probed(path.clone());
        match fs::metadata(&path).map(|metadata| metadata.is_file()) {
            Ok(false) if other == Found::Nothing => other = Found::Other(path),
            Ok(false) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            // Reading the file will report any other error.
            Ok(true) | Err(_) => return Found::File(path),
        }
    }
    other
}

/// The spelling of an import name that protoc accepts: `a/b.proto` for `./a//b.proto`.
pub(crate) fn canonical(name: &str) -> Option<String> {
    proto_name(Path::new(&name.replace('\\', "/")))
}

/// The error about a path that is not a regular file.
pub(crate) fn not_a_file(path: &Path) -> Diagnostic {
    let shown = path.display();
    if path.is_dir() {
        Diagnostic::new(format!("`{shown}` is a folder")).help("import the .proto files in it instead")
    } else {
        Diagnostic::new(format!("`{shown}` is not a regular file")).help("copy its contents to a regular file")
    }
}

/// Suggests an existing path with a similar name.
pub(crate) fn near(path: &Path) -> Option<String> {
    Some(format!("did you mean `{}`?", nearest(path)?.display()))
}

/// Suggests an existing import with a similar name.
pub(crate) fn near_name(name: &str, includes: &[PathBuf]) -> Option<String> {
    let near =
        includes.iter().find_map(|include| proto_name(nearest(&include.join(name))?.strip_prefix(include).ok()?));
    Some(format!("did you mean `{}`?", near?))
}

/// Replaces the outermost part of a path that does not exist by the entry of its folder with the most similar name.
fn nearest(path: &Path) -> Option<PathBuf> {
    let missing = path.ancestors().take_while(|part| !part.as_os_str().is_empty() && !part.exists()).last()?;
    let folder = missing.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Compared without extensions, which would make all names similar.
    let stem = |path: &Path| Some(path.file_stem()?.to_str()?.to_owned());
    let entries = fs::read_dir(folder).ok()?.flatten().take(MAX_ENTRIES).map(|entry| entry.path());
    let stems: Vec<String> =
        entries.filter(|entry| entry.extension() == missing.extension()).filter_map(|entry| stem(&entry)).collect();
    let Some(near) = nearest::nearest(&stem(missing)?, stems.iter().map(String::as_str)) else {
        let proto = missing.with_extension("proto");
        return proto.is_file().then_some(proto);
    };
    let mut near = missing.with_file_name(near);
    if let Some(extension) = missing.extension() {
        near.as_mut_os_string().extend([OsStr::new("."), extension]);
    }
    let below = path.strip_prefix(missing).ok()?;
    Some(if below.as_os_str().is_empty() || !near.join(below).exists() { near } else { near.join(below) })
}

/// Whether an include folder has a file of this import name.
pub(crate) fn exists(name: &str, includes: &[PathBuf]) -> bool {
    matches!(find(name, includes, &mut |_| {}), Found::File(_))
}

/// `` `proto`, `third_party` ``
pub(crate) fn list(includes: &[PathBuf]) -> String {
    includes.iter().map(|include| format!("`{}`", include.display())).collect::<Vec<_>>().join(", ")
}

/// The import name of a listed path. As for protoc, the path may also be an import name itself.
fn name(path: &Path, includes: &[PathBuf], probed: &mut impl FnMut(PathBuf)) -> Result<String, Diagnostic> {
    if path.exists() && !path.is_file() {
        return Err(not_a_file(path));
    }
    let Some(name) = includes.iter().find_map(|include| name_below(path, include)).filter(|_| path.is_file()) else {
        let is_found = |name: &String| {
            matches!(find(name, includes, probed), Found::File(_)) || bundled::descriptor(name).is_some()
        };
        let error = || if path.is_file() { not_included(path, includes) } else { not_found(path, includes) };
        return proto_name(path).filter(is_found).ok_or_else(error);
    };
    match find(&name, includes, probed) {
        Found::File(found) if !same(&found, path) => {
            let (path, found) = (path.display(), found.display());
            Err(Diagnostic::new(format!("`{path}` is shadowed by `{found}`: both are imported as `{name}`"))
                .help("list the other file, or change the order of the include folders"))
        }
        _ => Ok(name),
    }
}

fn not_found(path: &Path, includes: &[PathBuf]) -> Diagnostic {
    let others: Vec<PathBuf> = includes.iter().filter(|include| **include != here()).cloned().collect();
    let and = if others.is_empty() { "" } else { " and " };
    let searched = || format!("searched the current folder{and}{}", list(&others));
    let near = near(path).or_else(|| near_name(&path.to_string_lossy(), includes));
    Diagnostic::new(format!("`{}` does not exist", path.display())).help(near.unwrap_or_else(searched))
}

fn not_included(path: &Path, includes: &[PathBuf]) -> Diagnostic {
    let help = format!("they are {}; add the folder that imports of the file are relative to", list(includes));
    Diagnostic::new(format!("`{}` is in none of the include folders", path.display())).help(help)
}

/// The name of `path` relative to `include`. Either may be relative, absolute, or lead through symbolic links.
fn name_below(path: &Path, include: &Path) -> Option<String> {
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
