//! Results of a run in, the report of it out: as much as was asked for, for a person or for a program.

use rgrpc_build::breaking::Change;
use rgrpc_build::{Diagnostic, Difference, Written};

use crate::arguments::{Format, Report};
use crate::{breaking, differences, json, output};

/// The treatment of warnings, if it is not the builder's.
pub(crate) fn warn(report: Report) -> Option<fn(&Diagnostic)> {
    match report {
        Report { quiet: true, .. } => Some(|_| {}),
        Report { format: Format::Json, .. } => Some(|warning| {
            // If it cannot be printed, neither can the result, which tells.
            let _ = output::text(&json::lines([json::diagnostic("warning", warning)]));
        }),
        Report { .. } => None,
    }
}

impl Report {
    pub(crate) fn written(self, written: &Written) -> Result<(), String> {
        match self {
            Self { quiet: true, .. } => {}
            Self { format: Format::Json, .. } => return output::text(&json::lines([json::written(written)])),
            Self { verbose, .. } => {
                let kinds = [
                    ("written", &written.wrote),
                    ("removed", &written.removed),
                    ("left", &written.left),
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
                self.well("all files are as `generate` would write them");
                Ok(())
            }
            Self { .. } => output::text(&differences::text(found, repair)),
        }
    }

    pub(crate) fn changes(self, changes: &[Change], against: &str) -> Result<(), String> {
        match self {
            Self { format: Format::Json, .. } => output::text(&json::lines(changes.iter().map(json::change))),
            Self { .. } if changes.is_empty() => {
                self.well(&format!("no breaking changes since {against}"));
                Ok(())
            }
            Self { .. } => output::text(&breaking::text(changes, against)),
        }
    }

    /// The defaults, which need no mention.
    pub(crate) fn well(self, text: &str) {
        if self.verbose {
            eprintln!("{text}");
        }
    }
}
