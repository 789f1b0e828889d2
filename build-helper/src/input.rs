//! The input of a builder's call.

use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors};

use crate::error::Error;
use crate::{folders, resolve};

/// The files to compile.
#[derive(Debug)]
pub(crate) enum Input {
    /// `.proto` files and folders of them, and the folders from which they import each other.
    Protos(Vec<PathBuf>, Vec<PathBuf>),
    /// A file with a descriptor set.
    DescriptorSet(PathBuf),
}

impl Input {
    pub(crate) fn protos(protos: &[impl AsRef<Path>], includes: &[impl AsRef<Path>]) -> Self {
        let (protos, includes) = listed(protos, includes, &resolve::here());
        Self::Protos(protos, includes)
    }

    pub(crate) fn descriptor_set(path: impl AsRef<Path>) -> Self {
        Self::DescriptorSet(path.as_ref().to_owned())
    }

    /// The paths that a person lists, without a word about which is which; beside a descriptor set the names of its files to generate.
    /// A set needs no include folders: those of a project, which serve its `.proto` files, mean nothing to it, but have to be there.
    pub(crate) fn of(listed: &[PathBuf], includes: &[PathBuf]) -> Result<(Self, Vec<String>), Errors> {
        if let Some(path) = listed.iter().find(|path| path.as_os_str() == "-") {
            let error = Diagnostic::new(format!("`{}` is not a file", path.display()));
            return Err(error
                .help("name a file; standard input is `/dev/stdin`, and a request on it needs no arguments")
                .into());
        }
        if listed.is_empty() {
            return Err(resolve::no_files().into());
        }
        let (protos, sets): (Vec<_>, Vec<_>) = listed.iter().partition(|path| is_protos(path));
        match sets[..] {
            [] => Ok((Self::protos(listed, includes), Vec::new())),
            [set] => match protos.iter().find(|path| path.is_dir()) {
                None => {
                    resolve::includes(includes)?;
                    let names = protos.iter().filter_map(|name| Some(name.to_str()?.to_owned())).collect();
                    Ok((Self::descriptor_set(set), names))
                }
                Some(folder) => {
                    let (folder, set) = (folder.display(), set.display());
                    let error =
                        Diagnostic::new(format!("`{folder}` is a folder, and `{set}` has its files from elsewhere"));
                    Err(error.help("name one of the two, or files by the names that they have in the set").into())
                }
            },
            [a, b, ..] => {
                let error =
                    Diagnostic::new(format!("`{}` and `{}` are both descriptor sets", a.display(), b.display()));
                Err(error.help("name one, or .proto files only").into())
            }
        }
    }

    /// An error about this input, for a person.
    pub(crate) fn error(&self, errors: Errors) -> Error {
        match self {
            Self::Protos(..) => Error::in_files(errors),
            Self::DescriptorSet(_) => errors.into(),
        }
    }
}

/// Whether a path means `.proto` files; whatever is not there does too.
pub(crate) fn is_protos(path: &Path) -> bool {
    folders::is_proto(path) || path.is_dir() || !path.exists()
}

/// The listed files and folders, and the folders to import from: if none is given, a listed folder is the top of what is below it,
/// and a listed file is in the folder `here`.
pub(crate) fn listed(
    protos: &[impl AsRef<Path>],
    includes: &[impl AsRef<Path>],
    here: &Path,
) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (protos, includes) = (owned(protos), owned(includes));
    if !includes.is_empty() {
        return (protos, includes);
    }
    let (folders, files): (Vec<&PathBuf>, Vec<&PathBuf>) = protos.iter().partition(|path| path.is_dir());
    let here = (!files.is_empty()).then(|| here.to_owned());
    let includes = folders.into_iter().cloned().chain(here).collect();
    (protos, includes)
}

fn owned(paths: &[impl AsRef<Path>]) -> Vec<PathBuf> {
    paths.iter().map(|path| path.as_ref().to_owned()).collect()
}
