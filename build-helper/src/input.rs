//! The input of a builder's call.

use std::path::{Path, PathBuf};

use rgrpc_codegen::Errors;

use crate::error::Error;

/// The files to compile.
#[derive(Debug)]
pub(crate) enum Input {
    /// `.proto` files, and the folders from which they import each other.
    Protos(Vec<PathBuf>, Vec<PathBuf>),
    /// A file with a descriptor set.
    DescriptorSet(PathBuf),
}

impl Input {
    pub(crate) fn protos(protos: &[impl AsRef<Path>], includes: &[impl AsRef<Path>]) -> Self {
        Self::Protos(owned(protos), owned(includes))
    }

    pub(crate) fn descriptor_set(path: impl AsRef<Path>) -> Self {
        Self::DescriptorSet(path.as_ref().to_owned())
    }

    /// An error about this input, for a person.
    pub(crate) fn error(&self, errors: Errors) -> Error {
        match self {
            Self::Protos(..) => Error::in_files(errors),
            Self::DescriptorSet(_) => errors.into(),
        }
    }
}

pub(crate) fn owned(paths: &[impl AsRef<Path>]) -> Vec<PathBuf> {
    paths.iter().map(|path| path.as_ref().to_owned()).collect()
}
