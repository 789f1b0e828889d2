//! Front ends, which compile `.proto` sources to serialized descriptors with source info and custom options.

mod built_in;
mod contents;
mod protoc;
mod vendored;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors};

use crate::sources::Sources;

pub use contents::DescriptorSetContents;
pub(crate) use contents::{Compiled, GENERATOR_INPUT};

/// A compiler of `.proto` files.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FrontEnd {
    /// rgrpc-schema, in this process.
    BuiltIn,
    /// The protoc at this path.
    Protoc(PathBuf),
}

/// Selects the first that applies: the chosen protoc, `PROTOC`, the vendored protoc, or the built-in front end.
pub(crate) fn select(chosen: Option<&Path>, variable: Option<&Path>) -> FrontEnd {
    let protoc = chosen.or(variable).map(Path::to_owned).or_else(vendored::protoc);
    protoc.map_or(FrontEnd::BuiltIn, FrontEnd::Protoc)
}

impl FrontEnd {
    /// Compiles the files of these names, in this order.
    pub(crate) fn compile(
        &self,
        names: &[String],
        sources: Sources,
        includes: &[PathBuf],
        protoc_args: &[OsString],
        contents: DescriptorSetContents,
    ) -> Result<Compiled, Errors> {
        match self {
            Self::Protoc(protoc) => protoc::compile(protoc, protoc_args, names, &sources, includes, contents),
            Self::BuiltIn => {
                let mut compiled = built_in::compile(names, sources, includes, contents)?;
                compiled.warnings.extend(unused(protoc_args, "rgrpc compiles the files itself"));
                Ok(compiled)
            }
        }
    }
}

/// Warnings about arguments for protoc, if protoc does not run for this `reason`.
pub(crate) fn unused(protoc_args: &[OsString], reason: &str) -> Vec<Diagnostic> {
    // Every front end supports what this flag enables.
    let unused = protoc_args.iter().filter(|arg| *arg != "--experimental_allow_proto3_optional");
    let message = |arg: &OsString| format!("protoc_arg `{}` has no effect: {reason}", arg.display());
    unused.map(|arg| Diagnostic::new(message(arg)).help("remove it, or set PROTOC to the path of a protoc")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_applies_is_selected() {
        let protoc = |path: &str| FrontEnd::Protoc(PathBuf::from(path));
        let own = vendored::protoc().map_or(FrontEnd::BuiltIn, FrontEnd::Protoc);
        for (chosen, variable, expected) in
            [(Some("a"), Some("b"), protoc("a")), (None, Some("b"), protoc("b")), (None, None, own)]
        {
            assert_eq!(select(chosen.map(Path::new), variable.map(Path::new)), expected, "{chosen:?} {variable:?}");
        }
    }
}
