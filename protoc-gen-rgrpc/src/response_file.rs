//! Response files: replaces each argument `@file` by the lines of that file, as protoc does.

use std::ffi::OsString;
use std::fs;

/// Expands the arguments. Each line of a file is one argument, without quoting or comments; empty lines are skipped.
pub(crate) fn expand(arguments: impl Iterator<Item = OsString>) -> Result<Vec<OsString>, String> {
    let mut expanded = Vec::new();
    for argument in arguments {
        match argument.to_str().and_then(|text| text.strip_prefix('@')) {
            Some(file) => {
                let text = fs::read_to_string(file).map_err(|error| {
                    format!("cannot read `{file}`: {error}\n  help: `@FILE` is replaced by the lines of FILE")
                })?;
                expanded.extend(text.lines().filter(|line| !line.is_empty()).map(OsString::from));
            }
            None => expanded.push(argument),
        }
    }
    Ok(expanded)
}
