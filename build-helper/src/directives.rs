//! The lines that cargo reads from a build script, collected in order and printed at the edge.

use std::path::Path;

use rgrpc_codegen::Diagnostic;

/// `cargo::` lines.
#[derive(Debug, Default)]
pub(crate) struct Directives {
    lines: Vec<String>,
}

impl Directives {
    pub(crate) fn rerun_if_changed(&mut self, path: &Path) {
        self.push("rerun-if-changed", &path.display().to_string());
    }

    pub(crate) fn rerun_if_env_changed(&mut self, variable: &str) {
        self.push("rerun-if-env-changed", variable);
    }

    /// Tells the build scripts of dependents a path, as `DEP_<LINKS>_<KEY>`.
    pub(crate) fn metadata(&mut self, key: &str, path: &Path) {
        self.push("metadata", &format!("{key}={}", path.display()));
    }

    pub(crate) fn warnings(&mut self, warnings: &[Diagnostic]) {
        // A directive ends with its line.
        for warning in warnings {
            warning.to_string().lines().for_each(|line| self.push("warning", line));
        }
    }

    fn push(&mut self, key: &str, value: &str) {
        let line = format!("cargo::{key}={value}");
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    /// The standard output of a build script, line by line.
    pub(crate) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Prints every line for cargo; where cargo does not listen, only the warnings, for a person.
    pub(crate) fn print(&self, build_script: bool) {
        for line in self.lines() {
            if build_script {
                println!("{line}");
            } else if let Some(warning) = line.strip_prefix("cargo::warning=") {
                // The help of a warning is a line of its own, which is indented.
                let prefix = if warning.starts_with(' ') { "" } else { "warning: " };
                eprintln!("{prefix}{warning}");
            }
        }
    }
}
