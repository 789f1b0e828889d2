//! Arguments of `descriptors` in, a file with descriptors, and protoc's lines about them, out.

use rgrpc_build::{Contents, Diagnostic, Written};

use crate::arguments::{Format, Set};
use crate::errors::Failure;
use crate::{json, output};

/// Writes the file; prints what is warned of, a line each.
pub(crate) fn write(set: &Set) -> Result<(), Failure> {
    let contents = Contents {
        include_imports: set.include_imports,
        retain_options: set.retain_options,
        exclude_source_info: set.exclude_source_info,
    };
    let builder = rgrpc_build::configure().dry_run(set.dry_run);
    let warnings = builder.write_descriptors(&set.files, &set.includes, contents, &set.out)?;
    let report = set.report;
    for warning in warnings.iter().filter(|_| !report.quiet) {
        match report.format {
            Format::Json => output::text(&json::lines([json::diagnostic("warning", warning)]))?,
            Format::Text => eprintln!("{}", line(warning)),
        }
    }
    match report.format {
        Format::Json => {
            let mut written = Written::default();
            written.wrote.push(set.out.clone());
            written.dry_run = set.dry_run;
            report.written(&written)?;
        }
        Format::Text if report.verbose || set.dry_run && !report.quiet => {
            let done = if set.dry_run { "would be written" } else { "written" };
            eprintln!("{}: {done}", set.out.display());
        }
        Format::Text => {}
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
