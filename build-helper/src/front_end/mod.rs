//! What reads `.proto` files: sources in, the bytes of a descriptor set with comments and custom options out.

mod protoc;
mod protox;
mod vendored;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors};

use crate::scan::Sources;

pub(crate) use self::protox::is_bundled;

/// A reader of `.proto` files.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FrontEnd {
    /// The built-in parser: proto2 and proto3, nothing to install.
    Protox,
    /// A protoc process: whatever that protoc reads.
    Protoc(PathBuf),
}

/// What a front end was told on the way.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// A serialized `FileDescriptorSet`, source info included.
    pub(crate) descriptor_set: Vec<u8>,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// The first that applies: a chosen protoc, `PROTOC`, a vendored protoc if a file needs one, the built-in parser.
pub(crate) fn select(chosen: Option<&Path>, variable: Option<&Path>, sources: &Sources) -> Result<FrontEnd, Errors> {
    if let Some(protoc) = chosen.or(variable) {
        return Ok(FrontEnd::Protoc(protoc.to_owned()));
    }
    if sources.editions().next().is_none() {
        return Ok(FrontEnd::Protox);
    }
    vendored::protoc().map(FrontEnd::Protoc).map_err(|way_out| refuse_editions(sources, way_out))
}

impl FrontEnd {
    /// Compiles `names` and all they import.
    pub(crate) fn parse(
        &self,
        names: &[String],
        sources: &Sources,
        includes: &[PathBuf],
        protoc_args: &[OsString],
    ) -> Result<Parsed, Errors> {
        match self {
            Self::Protoc(protoc) => protoc::parse(protoc, protoc_args, names, sources, includes),
            Self::Protox => {
                let descriptor_set = protox::parse(names, sources, includes)?;
                Ok(Parsed { descriptor_set, warnings: unused(protoc_args, "the built-in parser reads the files") })
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

fn refuse_editions(sources: &Sources, way_out: &str) -> Errors {
    let mut errors = Errors::default();
    for (edition, position) in sources.editions() {
        let message = format!("edition {edition} needs a protoc: the built-in parser reads proto2 and proto3");
        errors.push(Diagnostic::at(position.clone(), message).help(format!(
            "set PROTOC to a protoc that knows edition {edition}, or generate from a descriptor set, \
             which protoc or buf writes, or in a build script {way_out}"
        )));
    }
    errors.finish().expect_err("there is an edition")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan;

    #[test]
    fn the_first_that_applies_is_selected() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("old.proto"), "syntax = \"proto3\";").unwrap();
        std::fs::write(folder.path().join("new.proto"), "edition = \"2023\";").unwrap();
        let protoc = |path: &str| Some(FrontEnd::Protoc(PathBuf::from(path)));
        let vendored = vendored::protoc().ok().map(FrontEnd::Protoc);
        for (name, chosen, variable, expected) in [
            ("old.proto", Some("a"), Some("b"), protoc("a")),
            ("old.proto", None, Some("b"), protoc("b")),
            ("old.proto", None, None, Some(FrontEnd::Protox)),
            ("new.proto", Some("a"), Some("b"), protoc("a")),
            ("new.proto", None, Some("b"), protoc("b")),
            ("new.proto", None, None, vendored),
        ] {
            let sources = scan::read(&[name.to_owned()], &[folder.path().to_owned()]);
            let selected = select(chosen.map(Path::new), variable.map(Path::new), &sources);
            assert_eq!(selected.ok(), expected, "{name} {chosen:?} {variable:?}");
        }
    }
}
