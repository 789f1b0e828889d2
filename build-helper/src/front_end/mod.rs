//! Front ends, which compile `.proto` files: sources in, the bytes of descriptors with comments and custom options out.

mod built_in;
mod compiled;
mod protoc;
mod vendored;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors};

use crate::sources::Sources;

pub use compiled::Contents;
pub(crate) use compiled::{Compiled, GENERATED};

/// A compiler of `.proto` files.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FrontEnd {
    /// rgrpc-schema: every edition, nothing to install.
    BuiltIn,
    /// A protoc process: whatever that protoc reads.
    Protoc(PathBuf),
}

/// The first that applies: a chosen protoc, `PROTOC`, a vendored protoc, rgrpc's own.
pub(crate) fn select(chosen: Option<&Path>, variable: Option<&Path>) -> FrontEnd {
    let protoc = chosen.or(variable).map(Path::to_owned).or_else(vendored::protoc);
    protoc.map_or(FrontEnd::BuiltIn, FrontEnd::Protoc)
}

impl FrontEnd {
    /// Compiles `names`, in this order.
    pub(crate) fn compile(
        &self,
        names: &[String],
        sources: Sources,
        includes: &[PathBuf],
        protoc_args: &[OsString],
        contents: Contents,
    ) -> Result<Compiled, Errors> {
        match self {
            Self::Protoc(protoc) => protoc::compile(protoc, protoc_args, names, &sources, includes, contents),
            Self::BuiltIn => {
                let mut compiled = built_in::compile(names, sources, includes, contents)?;
                compiled.warnings.extend(unused(protoc_args, "rgrpc reads the files itself"));
                Ok(compiled)
            }
        }
    }
}

/// A warning for each argument that only a protoc could honour; `reader` is what reads instead.
pub(crate) fn unused(protoc_args: &[OsString], reader: &str) -> Vec<Diagnostic> {
    let needed = protoc_args.iter().filter(|arg| *arg != "--experimental_allow_proto3_optional");
    let message = |arg: &OsString| format!("protoc_arg `{}` has no effect: {reader}", arg.display());
    needed.map(|arg| Diagnostic::new(message(arg)).help("remove the argument, or set PROTOC to a protoc")).collect()
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
