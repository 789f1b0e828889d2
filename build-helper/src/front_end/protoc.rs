//! A protoc process: names and include folders in, the very bytes that protoc wrote out.
//!
//! protobuf-parse drives protoc too, but decodes what it wrote and encodes it again, which moves fields, and its errors
//! are one escaped line; so protoc is run here.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rgrpc_codegen::{Diagnostic, Errors, Position};

use super::Parsed;
use crate::error::cannot;
use crate::scan::Sources;

pub(super) fn parse(
    protoc: &Path,
    args: &[OsString],
    names: &[String],
    sources: &Sources,
    includes: &[PathBuf],
) -> Result<Parsed, Errors> {
    let folder = tempfile::tempdir().map_err(|error| cannot("write", &env::temp_dir(), &error))?;
    let set = folder.path().join("descriptor_set.binpb");
    let output = run(protoc, args, names, sources, includes, &set)?;
    let messages = String::from_utf8_lossy(&output.stderr);
    let messages = messages.lines().filter(|line| !line.is_empty()).map(|line| diagnostic(line, sources));
    if output.status.success() {
        let descriptor_set = fs::read(&set).map_err(|error| cannot("read", &set, &error))?;
        return Ok(Parsed { descriptor_set, warnings: messages.collect() });
    }
    let mut errors = Errors::default();
    for message in messages {
        errors.push(message);
    }
    errors.finish()?;
    Err(Diagnostic::new(format!("`{}` failed without a message: {}", protoc.display(), output.status)).into())
}

fn run(
    protoc: &Path,
    args: &[OsString],
    names: &[String],
    sources: &Sources,
    includes: &[PathBuf],
    set: &Path,
) -> Result<Output, Diagnostic> {
    let mut command = Command::new(protoc);
    command.arg("--include_imports").arg("--include_source_info").arg(with_value("--descriptor_set_out=", set));
    command.args(includes.iter().map(|include| with_value("-I", include))).args(args);
    if !sources.described.is_empty() {
        let sets = env::join_paths(sources.described.iter().map(|set| &set.path));
        let sets = sets.map_err(|error| Diagnostic::new(format!("protoc cannot be given descriptor sets: {error}")))?;
        command.arg(with_value("--descriptor_set_in=", Path::new(&sets)));
    }
    // A path on disk means one file only; a name could also mean a file in the current folder.
    let path = |name: &String| sources.files.get(name).map_or(PathBuf::from(name), |source| source.path.clone());
    command.args(names.iter().map(path));
    command.output().map_err(|error| {
        cannot("run", protoc, &error).help("name an installed protoc in PROTOC, or none to use the built-in parser")
    })
}

fn with_value(flag: &str, path: &Path) -> OsString {
    let mut arg = OsString::from(flag);
    arg.push(path);
    arg
}

/// `proto/user.proto:3:5: "Nope" is not defined.`, with the file named as imports name it.
fn diagnostic(line: &str, sources: &Sources) -> Diagnostic {
    let split = line.split_once(": ").and_then(|(place, message)| {
        let mut parts = place.rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        let line = parts.next()?.parse().ok()?;
        Some((parts.next()?, (line, column), message))
    });
    let Some((file, line_column, message)) = split else { return Diagnostic::new(line) };
    let on_disk = sources.files.iter().find(|(_, source)| source.path == Path::new(file));
    let file = on_disk.map_or(file, |(name, _)| name).to_owned();
    let message = message.trim_start_matches("warning: ").trim_end_matches('.');
    Diagnostic::at(Position { file, line_column: Some(line_column) }, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_protoc_become_positions() {
        for (line, expected) in [
            ("a.proto:3:5: \"X\" is not defined.", "a.proto:3:5: \"X\" is not defined"),
            ("C:\\p\\a.proto:3:5: Expected \";\".", "C:\\p\\a.proto:3:5: Expected \";\""),
            ("a.proto:3:5: warning: Import b.proto is unused.", "a.proto:3:5: Import b.proto is unused"),
            ("a.proto: File not found.", "a.proto: File not found."),
            ("Unknown flag: --x", "Unknown flag: --x"),
        ] {
            assert_eq!(diagnostic(line, &Sources::default()).to_string(), expected);
        }
    }
}
