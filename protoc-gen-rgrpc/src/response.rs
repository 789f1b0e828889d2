//! Arguments in; the same out, with each `@file` replaced by what is in that file, as protoc has it.

use std::ffi::OsString;
use std::fs;

/// Takes every line of a file for an argument as it stands, without quotes and comments; empty lines are none.
pub(crate) fn expand(arguments: impl Iterator<Item = OsString>) -> Result<Vec<OsString>, String> {
    let mut expanded = Vec::new();
    for argument in arguments {
        match argument.to_str().and_then(|text| text.strip_prefix('@')) {
            Some(file) => {
                let text = fs::read_to_string(file).map_err(|error| {
                    format!("cannot read `{file}`: {error}\n  help: `@` stands before a file of arguments, one a line")
                })?;
                expanded.extend(text.lines().filter(|line| !line.is_empty()).map(OsString::from));
            }
            None => expanded.push(argument),
        }
    }
    Ok(expanded)
}
