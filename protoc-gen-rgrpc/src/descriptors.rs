//! The command `descriptors`, which writes a descriptor set and prints warnings as protoc does.

use rgrpc_build::{DescriptorSetContents, Diagnostic, Written};

use crate::arguments::{DescriptorsArgs, Format};
use crate::errors::Failure;
use crate::{json, output};

/// Writes the file, and prints one line per warning.
pub(crate) fn write(args: &DescriptorsArgs) -> Result<(), Failure> {
    let contents = DescriptorSetContents {
        include_imports: args.include_imports,
        retain_options: args.retain_options,
        exclude_source_info: args.exclude_source_info,
    };
    let builder = rgrpc_build::configure().dry_run(args.dry_run);
    let warnings = builder.write_descriptors(&args.files, &args.includes, contents, &args.out)?;
    let report = args.report;
    for warning in warnings.iter().filter(|_| !report.quiet) {
        match report.format {
            Format::Json => output::text(&json::lines([json::diagnostic("warning", warning)]))?,
            Format::Text => eprintln!("{}", line(warning)),
        }
    }
    match report.format {
        Format::Json => {
            let mut written = Written::default();
            written.wrote.push(args.out.clone());
            written.dry_run = args.dry_run;
            report.written(&written)?;
        }
        Format::Text if report.verbose || args.dry_run && !report.quiet => {
            let done = if args.dry_run { "would be written" } else { "written" };
            eprintln!("{}: {done}", args.out.display());
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
