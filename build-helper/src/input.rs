//! The input of a call: `.proto` files, or a descriptor set.

use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors};

use crate::error::Error;
use crate::{folders, resolve};

/// The files to compile.
#[derive(Debug)]
pub(crate) enum Input {
    /// `.proto` files and folders, and the include folders.
    Protos(Vec<PathBuf>, Vec<PathBuf>),
    /// The path of a descriptor set.
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

    /// Tells `.proto` files from a descriptor set in a list of paths. Next to a descriptor set, the other paths are the names of its files to
    /// generate, which are returned.
    ///
    /// Include folders have no effect on a descriptor set, but must exist: a project may list them for its `.proto` files.
    pub(crate) fn of(listed: &[PathBuf], includes: &[PathBuf]) -> Result<(Self, Vec<String>), Errors> {
        if listed.iter().any(|path| path.as_os_str() == "-") {
            let help = "to read a descriptor set from standard input, name `/dev/stdin`; to run as a plugin of protoc, pass no arguments";
            return Err(Diagnostic::new("`-` is not a file").help(help).into());
        }
        if listed.is_empty() {
            return Err(resolve::no_files().into());
        }
        let (protos, sets): (Vec<_>, Vec<_>) = listed.iter().partition(|path| is_protos(path));
        match sets[..] {
            [] => Ok((Self::protos(listed, includes), Vec::new())),
            [set] => {
                if let Some(folder) = protos.iter().find(|path| path.is_dir()) {
                    return Err(folder_beside_set(folder, set).into());
                }
                resolve::includes(includes)?;
                let names = protos.iter().filter_map(|name| Some(name.to_str()?.to_owned())).collect();
                Ok((Self::descriptor_set(set), names))
            }
            [a, b, ..] => {
                let message = format!("`{}` and `{}` are both descriptor sets", a.display(), b.display());
                Err(Diagnostic::new(message).help("name one descriptor set, or only .proto files").into())
            }
        }
    }

    /// The error for diagnostics about this input.
    pub(crate) fn error(&self, errors: Errors) -> Error {
        match self {
            Self::Protos(..) => Error::in_files(errors),
            Self::DescriptorSet(_) => errors.into(),
        }
    }
}

fn folder_beside_set(folder: &Path, set: &Path) -> Diagnostic {
    let message = format!(
        "`{}` is a folder, and cannot be combined with the descriptor set `{}`",
        folder.display(),
        set.display()
    );
    Diagnostic::new(message).help("name one of the two, or select files of the set by their names in it")
}

/// Whether a path is a `.proto` file or a folder. A path that does not exist is taken for one, and reported later.
pub(crate) fn is_protos(path: &Path) -> bool {
    folders::is_proto(path) || path.is_dir() || !path.exists()
}

/// The listed files and folders, and the include folders. If none are given, they are the listed folders, and `here` if files are listed.
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
