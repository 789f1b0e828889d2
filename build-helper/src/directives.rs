//! Lines for cargo and the user about a call, collected in order and printed at the edge.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rgrpc_codegen::Diagnostic;

use crate::builder::Builder;
use crate::environment::Environment;
use crate::inputs::Inputs;

/// Lines for cargo, and warnings; and the paths that a change of the outcome would begin at.
#[derive(Debug, Default)]
pub(crate) struct Directives {
    lines: Vec<Directive>,
    /// The texts of all of them: each is there once.
    known: HashSet<String>,
    pub(crate) inputs: Inputs,
}

#[derive(Debug)]
enum Directive {
    /// The text after `cargo::`.
    Cargo(String),
    Warning(Diagnostic),
}

impl Directives {
    pub(crate) fn rerun_if_changed(&mut self, path: &Path) {
        self.inputs.add(path);
        self.cargo("rerun-if-changed", &path.display().to_string());
    }

    /// Adds paths for which only the existence of a file counts. Cargo would run the build script in every build for a path that does not exist.
    pub(crate) fn looked_for(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        paths.into_iter().for_each(|path| self.inputs.add_place(path));
    }

    pub(crate) fn rerun_if_env_changed(&mut self, variable: &str) {
        self.cargo("rerun-if-env-changed", variable);
    }

    /// Tells the build scripts of dependents a path, as `DEP_<LINKS>_<KEY>`.
    pub(crate) fn metadata(&mut self, key: &str, path: &Path) {
        self.cargo("metadata", &format!("{key}={}", path.display()));
    }

    pub(crate) fn warnings(&mut self, warnings: &[Diagnostic]) {
        for warning in warnings {
            if self.known.insert(format!("warning={warning}")) {
                self.lines.push(Directive::Warning(warning.clone()));
            }
        }
    }

    fn cargo(&mut self, key: &str, value: &str) {
        let line = format!("{key}={value}");
        if self.known.insert(line.clone()) {
            self.lines.push(Directive::Cargo(line));
        }
    }

    /// Prints everything for cargo; where cargo does not listen, only the warnings, as the builder wants them.
    pub(crate) fn print(&self, builder: &Builder, environment: &Environment) {
        for directive in &self.lines {
            match directive {
                Directive::Cargo(line) if environment.build_script => println!("cargo::{line}"),
                Directive::Cargo(_) => {}
                // A directive ends with its line.
                Directive::Warning(warning) if environment.build_script => {
                    warning.to_string().lines().for_each(|line| println!("cargo::warning={line}"));
                }
                Directive::Warning(warning) => match builder.on_warning {
                    Some(report) => report(warning),
                    None => eprintln!("warning: {warning}"),
                },
            }
        }
    }
}
