//! Paths as a build script lists them in, names as imports spell them out.

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

/// Entries of a folder that are looked at for a name that is near.
const MOST: usize = 2000;

/// The folders to import from; none means the current folder, as for protoc.
pub(crate) fn includes(listed: &[impl AsRef<Path>]) -> Result<Vec<PathBuf>, Errors> {
    let mut errors = Errors::default();
    let includes: Vec<PathBuf> = listed.iter().map(|include| plain(include.as_ref())).collect();
    for include in includes.iter().filter(|include| !include.is_dir()) {
        let what = if include.exists() { "is not a folder" } else { "does not exist" };
        let help = || "includes are the folders from which the files import each other".to_owned();
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

/// The names of the listed files, and of those below the listed folders, each once: relative to the first include folder that
/// contains it. Hands out each path in the include folders before it looks there.
pub(crate) fn names(
    listed: &[impl AsRef<Path>],
    includes: &[PathBuf],
    looked_for: &mut impl FnMut(PathBuf),
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
            match name(&file, includes, looked_for) {
                Ok(name) if seen.insert(name.clone()) => names.push(name),
                Ok(_) => {}
                Err(error) => errors.push(error),
            }
        }
    }
    errors.finish()?;
    Ok(names)
}

/// The error of a list without files.
pub(crate) fn no_files() -> Diagnostic {
    Diagnostic::new("no files to generate")
        .help("list a .proto file, or a folder of them, or write `inputs` in rgrpc.toml")
}

/// The files of a listed folder, of which there is at least one.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let files = folders::protos(folder).map_err(|error| io_error("read", folder, &error))?;
    if files.is_empty() {
        let error =
            Diagnostic::new(format!("neither `{}` nor a folder below it contains .proto files", folder.display()));
        return Err(error.help("name the folder that holds them"));
    }
    Ok(files)
}

/// The file of a name in the include folders.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    File(PathBuf),
    /// A folder, a pipe, a device.
    Other(PathBuf),
    Nothing,
}

/// Resolves an import of `name`: the file in the first include folder that has one. Hands out each path before it looks there.
pub(crate) fn find(name: &str, includes: &[PathBuf], looked_for: &mut impl FnMut(PathBuf)) -> Found {
    // Any other name means nothing to protoc.
    if canonical(name).as_deref() != Some(name) {
        return Found::Nothing;
    }
    let mut other = Found::Nothing;
    for path in includes.iter().map(|include| join(include, name)) {
        looked_for(path.clone());
        match fs::metadata(&path).map(|metadata| metadata.is_file()) {
            Ok(false) if other == Found::Nothing => other = Found::Other(path),
            Ok(false) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            // Whoever reads it learns why it cannot be read.
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
        Diagnostic::new(format!("`{shown}` is a folder")).help("import the .proto files in it")
    } else {
        Diagnostic::new(format!("`{shown}` is not a regular file")).help("copy its contents to a regular file")
    }
}

/// Asks whether a path that does not exist was meant to be one that does.
pub(crate) fn near(path: &Path) -> Option<String> {
    Some(format!("did you mean `{}`?", nearest(path)?.display()))
}

/// The same for a name that no include folder has.
pub(crate) fn near_name(name: &str, includes: &[PathBuf]) -> Option<String> {
    let near =
        includes.iter().find_map(|include| proto_name(nearest(&include.join(name))?.strip_prefix(include).ok()?));
    Some(format!("did you mean `{}`?", near?))
}

/// The path with the outermost part that does not exist replaced by what is beside it and has a similar name.
fn nearest(path: &Path) -> Option<PathBuf> {
    let missing = path.ancestors().take_while(|part| !part.as_os_str().is_empty() && !part.exists()).last()?;
    let folder = missing.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Its ending is no part of a name: `a.proto` is nothing like `b.proto`.
    let stem = |path: &Path| Some(path.file_stem()?.to_str()?.to_owned());
    let entries = fs::read_dir(folder).ok()?.flatten().take(MOST).map(|entry| entry.path());
    let stems: Vec<String> =
        entries.filter(|entry| entry.extension() == missing.extension()).filter_map(|entry| stem(&entry)).collect();
    let Some(near) = nearest::nearest(&stem(missing)?, stems.iter().map(String::as_str)) else {
        let ended = missing.with_extension("proto");
        return ended.is_file().then_some(ended);
    };
    let mut near = missing.with_file_name(near);
    if let Some(ending) = missing.extension() {
        near.as_mut_os_string().extend([OsStr::new("."), ending]);
    }
    let below = path.strip_prefix(missing).ok()?;
    Some(if below.as_os_str().is_empty() || !near.join(below).exists() { near } else { near.join(below) })
}

/// Whether an import of `name` finds a file.
pub(crate) fn exists(name: &str, includes: &[PathBuf]) -> bool {
    matches!(find(name, includes, &mut |_| {}), Found::File(_))
}

/// `proto, third_party`
pub(crate) fn list(includes: &[PathBuf]) -> String {
    includes.iter().map(|include| format!("`{}`", include.display())).collect::<Vec<_>>().join(", ")
}

fn name(path: &Path, includes: &[PathBuf], looked_for: &mut impl FnMut(PathBuf)) -> Result<String, Diagnostic> {
    let shown = path.display();
    if path.exists() && !path.is_file() {
        return Err(refuse(path));
    }
    let mut is_known = |name: &String| {
        matches!(find(name, includes, looked_for), Found::File(_)) || bundled::descriptor(name).is_some()
    };
    let mut known = || proto_name(path).filter(&mut is_known);
    if !path.is_file() {
        return known().ok_or_else(|| {
            let others: Vec<PathBuf> = includes.iter().filter(|include| **include != here()).cloned().collect();
            let and = if others.is_empty() { "" } else { " and " };
            let searched = || format!("searched the current folder{and}{}", list(&others));
            let near = near(path).or_else(|| near_name(&path.to_string_lossy(), includes));
            Diagnostic::new(format!("`{shown}` does not exist")).help(near.unwrap_or_else(searched))
        });
    }
    let Some(name) = includes.iter().find_map(|include| name_below(path, include)) else {
        // protoc takes it for a name then.
        return known().ok_or_else(|| {
            Diagnostic::new(format!("`{shown}` is in none of the include folders"))
                .help(format!("they are {}; add the folder from which other files would import it", list(includes)))
        });
    };
    match find(&name, includes, looked_for) {
        Found::File(found) if !same(&found, path) => {
            Err(Diagnostic::new(format!("`{shown}` is hidden by `{}`: both are `{name}`", found.display()))
                .help("list the other file, or change the order of the include folders"))
        }
        _ => Ok(name),
    }
}

/// The name of `path` below `include`, whether they are given as relative, absolute or through links.
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
