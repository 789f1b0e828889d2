//! Collects the directives for cargo and the warnings of a call, and prints them at its end.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rgrpc_codegen::Diagnostic;

use crate::builder::Builder;
use crate::environment::Environment;
use crate::inputs::Inputs;

/// The directives and warnings of a call, and the paths on which its result depends.
#[derive(Debug, Default)]
pub(crate) struct Directives {
    lines: Vec<Directive>,
    /// The texts of all lines, so that none is added twice.
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

    /// Adds paths of which only the existence was checked. cargo is not told of them, because it runs a build script in every build if a
    /// `rerun-if-changed` path does not exist.
    pub(crate) fn probed(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        paths.into_iter().for_each(|path| self.inputs.add_probe(path));
    }

    pub(crate) fn rerun_if_env_changed(&mut self, variable: &str) {
        self.cargo("rerun-if-env-changed", variable);
    }

    /// Passes a path to the build scripts of dependents, as the variable `DEP_<LINKS>_<KEY>`.
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

    /// In a build script, prints everything for cargo. Elsewhere, reports only the warnings, to the builder's function or standard error.
    pub(crate) fn print(&self, builder: &Builder, environment: &Environment) {
        for directive in &self.lines {
            match directive {
                Directive::Cargo(line) if environment.build_script => println!("cargo::{line}"),
                Directive::Cargo(_) => {}
                // A directive is one line.
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
