//! Prints the results of a command, as briefly and in the format that the arguments ask for.

use rgrpc_build::breaking::Change;
use rgrpc_build::{Diagnostic, Difference, Written};

use crate::arguments::{Format, ReportArgs};
use crate::{breaking, differences, json, output};

/// The function that receives warnings; `None` for the default of the builder, which prints them to standard error.
pub(crate) fn on_warning(report: ReportArgs) -> Option<fn(&Diagnostic)> {
    match report {
        ReportArgs { quiet: true, .. } => Some(|_| {}),
        ReportArgs { format: Format::Json, .. } => Some(|warning| {
            // If this fails, writing the result fails too, and is reported.
            let _ = output::text(&json::lines([json::diagnostic("warning", warning)]));
        }),
        ReportArgs { .. } => None,
    }
}

impl ReportArgs {
    pub(crate) fn written(self, written: &Written) -> Result<(), String> {
        match self {
            Self { quiet: true, .. } => {}
            Self { format: Format::Json, .. } => return output::text(&json::lines([json::written(written)])),
            Self { verbose, .. } => {
                let kinds = [
                    ("written", &written.wrote),
                    ("removed", &written.removed),
                    ("orphaned", &written.orphaned),
                    ("up to date", &written.unchanged),
                ];
                for (kind, paths) in kinds.into_iter().filter(|_| verbose) {
                    for path in paths {
                        eprintln!("{}: {kind}", path.display());
                    }
                }
                eprintln!("{written}");
            }
        }
        Ok(())
    }

    pub(crate) fn differences(self, found: &[Difference], repair: &str) -> Result<(), String> {
        match self {
            Self { format: Format::Json, .. } => output::text(&json::lines(found.iter().map(json::difference))),
            Self { .. } if found.is_empty() => {
                self.success("all files are up to date");
                Ok(())
            }
            Self { .. } => output::text(&differences::text(found, repair)),
        }
    }

    pub(crate) fn changes(self, changes: &[Change], against: &str) -> Result<(), String> {
        match self {
            Self { format: Format::Json, .. } => output::text(&json::lines(changes.iter().map(json::change))),
            Self { .. } if changes.is_empty() => {
                self.success(&format!("no breaking changes since {against}"));
                Ok(())
            }
            Self { .. } => output::text(&breaking::text(changes, against)),
        }
    }

    /// Reports that nothing was found, which is silent by default.
    fn success(self, text: &str) {
        if self.verbose {
            eprintln!("{text}");
        }
    }
}
