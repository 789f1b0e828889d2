//! Runs protoc, and returns the descriptors that it writes, byte for byte.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use rgrpc_codegen::{Diagnostic, Errors, Position};
use rgrpc_schema::split;

use super::contents::{Compiled, DescriptorSetContents};
use crate::io_error::io_error;
use crate::sources::{Origin, Sources};
use crate::temporary::TemporaryFolder;

pub(super) fn compile(
    protoc: &Path,
    args: &[OsString],
    names: &[String],
    sources: &Sources,
    includes: &[PathBuf],
    contents: DescriptorSetContents,
) -> Result<Compiled, Errors> {
    let folder = TemporaryFolder::new().map_err(|error| io_error("write", &env::temp_dir(), &error))?;
    let set = folder.path().join("descriptor_set.binpb");
    let mut command = Command::new(protoc);
    command.args(flags(contents)).arg(with_value("--descriptor_set_out=", &set));
    command.args(includes.iter().map(|include| with_value("-I", include))).args(args).args(inputs(names, sources)?);
    let output = command.output().map_err(|error| {
        io_error("run", protoc, &error)
            .help("set PROTOC to the path of a protoc, or unset it: rgrpc does not need protoc")
    })?;
    let messages = String::from_utf8_lossy(&output.stderr);
    let messages: Vec<Message> =
        messages.lines().filter(|line| !line.is_empty()).map(|line| message(line, sources)).collect();
    if output.status.success() {
        let descriptor_set = fs::read(&set).map_err(|error| io_error("read", &set, &error))?;
        return Ok(Compiled {
            files: split(&descriptor_set)?.into_iter().map(<[u8]>::to_vec).collect(),
            warnings: messages.into_iter().map(|message| message.diagnostic).collect(),
        });
    }
    let mut errors = Errors::default();
    errors.extend(messages.into_iter().filter(|message| !message.is_warning).map(|message| message.diagnostic));
    errors.finish()?;
    Err(Diagnostic::new(format!("`{}` failed without a message: {}", protoc.display(), output.status)).into())
}

fn flags(contents: DescriptorSetContents) -> impl Iterator<Item = &'static str> {
    let DescriptorSetContents { include_imports, retain_options, exclude_source_info } = contents;
    let flags = [
        (include_imports, "--include_imports"),
        (!exclude_source_info, "--include_source_info"),
        (retain_options, "--retain_options"),
    ];
    flags.into_iter().filter_map(|(wanted, flag)| wanted.then_some(flag))
}

/// The arguments for the files to compile, and for the descriptor sets of their imports.
fn inputs(names: &[String], sources: &Sources) -> Result<Vec<OsString>, Diagnostic> {
    let mut inputs = Vec::new();
    let sets: BTreeSet<&PathBuf> = sources.files.values().filter_map(|source| source.origin.descriptor_set()).collect();
    if !sets.is_empty() {
        let sets = env::join_paths(sets);
        let sets =
            sets.map_err(|error| Diagnostic::new(format!("cannot pass the descriptor sets to protoc: {error}")))?;
        inputs.push(with_value("--descriptor_set_in=", Path::new(&sets)));
    }
    // Pass paths, because protoc would prefer a file of the same name in the current folder.
    let path = |name: &String| match sources.files.get(name).map(|source| &source.origin) {
        Some(Origin::Text(path)) => path.clone().into_os_string(),
        _ => name.into(),
    };
    inputs.extend(names.iter().map(path));
    Ok(inputs)
}

/// The prefix of protoc's warnings.
const WARNING: &str = "warning: ";

fn with_value(flag: &str, path: &Path) -> OsString {
    let mut arg = OsString::from(flag);
    arg.push(path);
    arg
}

/// A line of protoc's standard error.
struct Message {
    diagnostic: Diagnostic,
    is_warning: bool,
}

/// Parses a line such as `proto/user.proto:3:5: "Nope" is not defined.`, and replaces the path by the import name.
fn message(line: &str, sources: &Sources) -> Message {
    let split = line.split_once(": ").and_then(|(place, message)| {
        let mut parts = place.rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        let line = parts.next()?.parse().ok()?;
        Some((parts.next()?, Some((line, column)), message))
    });
    // A warning about a whole file has no line.
    let whole =
        || line.split_once(": ").filter(|(_, rest)| rest.starts_with(WARNING)).map(|(file, rest)| (file, None, rest));
    let Some((file, line_column, text)) = split.or_else(whole) else {
        return Message { diagnostic: Diagnostic::new(line), is_warning: line.starts_with(WARNING) };
    };
    let on_disk = sources.files.iter().find(|(_, source)| source.text() == Some(Path::new(file)));
    let file = on_disk.map_or(file, |(name, _)| name).to_owned();
    let (text, is_warning) = text.strip_prefix(WARNING).map_or((text, false), |text| (text, true));
    Message { diagnostic: Diagnostic::at(Position::new(file, line_column), text.trim_end_matches('.')), is_warning }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_warnings_are_parsed() {
        for (line, expected, is_warning) in [
            ("a.proto:3:5: \"X\" is not defined.", "a.proto:3:5: \"X\" is not defined", false),
            ("C:\\p\\a.proto:3:5: Expected \";\".", "C:\\p\\a.proto:3:5: Expected \";\"", false),
            ("a.proto:3:5: warning: Import b.proto is unused.", "a.proto:3:5: Import b.proto is unused", true),
            ("a.proto: warning: Import b.proto is unused.", "a.proto: Import b.proto is unused", true),
            ("a.proto: File not found.", "a.proto: File not found.", false),
            ("Unknown flag: --x", "Unknown flag: --x", false),
        ] {
            let message = message(line, &Sources::default());
            assert_eq!((message.diagnostic.to_string(), message.is_warning), (expected.to_owned(), is_warning));
        }
    }
}
