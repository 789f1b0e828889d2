//! The JSON of `google.protobuf.FieldMask`: paths in camel case, separated by commas.

use prost_types::FieldMask;

use crate::message::transcode::error::{Result, TranscodeError};

pub(super) fn write_mask(mask: &FieldMask) -> Result<String> {
    let paths = mask.paths.iter().map(|path| {
        let camel = camel(path);
        let comes_back = snake(&camel).is_some_and(|snake| snake == *path);
        comes_back.then_some(camel).ok_or_else(|| TranscodeError::new(format!("path `{path}` has no JSON form")))
    });
    Ok(paths.collect::<Result<Vec<_>>>()?.join(","))
}

pub(super) fn read_mask(text: &str) -> Result<FieldMask> {
    let paths = text
        .split(',')
        .filter(|path| !path.is_empty())
        .map(|path| snake(path).ok_or_else(|| TranscodeError::new(format!("path `{path}` is not in camel case"))));
    Ok(FieldMask { paths: paths.collect::<Result<_>>()? })
}

/// `user_profile.home_town` becomes `userProfile.homeTown`.
fn camel(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path.chars();
    while let Some(c) = rest.next() {
        match c {
            '_' => out.extend(rest.next().map(|c| c.to_ascii_uppercase())),
            c => out.push(c),
        }
    }
    out
}

/// `userProfile.homeTown` becomes `user_profile.home_town`; `None` for a path with underscores.
fn snake(path: &str) -> Option<String> {
    let mut out = String::new();
    for c in path.chars() {
        match c {
            '_' => return None,
            c if c.is_ascii_uppercase() => out.extend(['_', c.to_ascii_lowercase()]),
            c => out.push(c),
        }
    }
    Some(out)
}
