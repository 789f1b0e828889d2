//! Arguments of `descriptors` in, a file with descriptors, and protoc's lines about them, out.

use rgrpc_build::{Contents, Diagnostic, Error};

use crate::arguments::Set;

/// Writes the file; prints what is warned of, a line each.
pub(crate) fn write(set: &Set) -> Result<(), Error> {
    let contents = Contents {
        include_imports: set.include_imports,
        retain_options: set.retain_options,
        exclude_source_info: set.exclude_source_info,
    };
    let warnings = rgrpc_build::configure().write_descriptors(&set.files, &set.includes, contents, &set.out)?;
    for warning in &warnings {
        eprintln!("{}", line(warning));
    }
    Ok(())
}

/// `user.proto:3:5: warning: Import a.proto is unused`
fn line(warning: &Diagnostic) -> String {
    let shown = warning.clone().with_position(None);
    match &warning.position {
        Some(position) => format!("{position}: warning: {shown}"),
        None => format!("warning: {shown}"),
    }
}
