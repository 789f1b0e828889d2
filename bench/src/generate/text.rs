//! Measures rgrpc, protoc and tonic-prost-build from `.proto` files to descriptors and to Rust files.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Out, outcome};
use crate::compare::{Figures, Goal, Row, alternate};
use crate::process;
use crate::programs::Programs;

/// Files, and the folder from which they import each other.
pub(super) struct Schema<'a> {
    pub(super) folder: &'a Path,
    pub(super) files: &'a [String],
    pub(super) name: &'a str,
}

impl Schema<'_> {
    /// protoc, which reads the files and writes their descriptors.
    fn protoc(&self, set: &Path, flags: &[&str]) -> Command {
        let mut command = Command::new(testdata::protoc());
        command.arg("-I").arg(self.folder).args(flags).arg("-o").arg(set).args(self.files);
        command
    }

    fn ours(&self, programs: &Programs, arguments: &[&str], out: &Path) -> Command {
        let mut command = Command::new(&programs.rgrpc);
        command.env_remove("PROTOC").args(arguments).arg(out).arg("-I").arg(self.folder).args(self.files);
        command
    }

    /// Compares rgrpc with protoc: both make descriptors, and rgrpc makes Rust files while protoc only reads.
    pub(super) fn against_protoc(
        &self,
        programs: &Programs,
        cache: &Path,
        out: &Out,
        rounds: usize,
    ) -> Result<Vec<Row>, Box<dyn Error>> {
        let sets: [PathBuf; 2] = ["text.rgrpc.binpb", "text.protoc.binpb"].map(|name| cache.join(name));
        let descriptors = alternate(
            rounds,
            || process::measure(&mut self.ours(programs, &["descriptors", "-o"], &sets[0])),
            || process::measure(&mut self.protoc(&sets[1], &["--include_source_info"])),
        );
        if fs::read(&sets[0])? != fs::read(&sets[1])? {
            return Err("rgrpc and protoc wrote different descriptors".into());
        }
        out.clear();
        let files = alternate(
            rounds,
            || process::measure(&mut self.ours(programs, &["generate", "--out"], &out.ours)),
            || process::measure(&mut self.protoc(&sets[1], &["--include_imports", "--include_source_info"])),
        );
        let row = |what: &str, unit, goal, figures| Row { what: format!("{}, {what}", self.name), unit, goal, figures };
        let [descriptor_seconds, descriptor_megabytes] = descriptors;
        let [file_seconds, file_megabytes] = files;
        Ok(vec![
            row("text to descriptors", "s", Goal::AtMost(0.5), descriptor_seconds),
            row("text to descriptors", "MB at most", Goal::None, descriptor_megabytes),
            row("text to Rust; protoc only reads", "s", Goal::AtMost(0.8), file_seconds),
            row("text to Rust; protoc only reads", "MB at most", Goal::None, file_megabytes),
        ])
    }

    /// Compares rgrpc with tonic-prost-build, for which protoc reads the files.
    pub(super) fn against_tonic(&self, programs: &Programs, out: &Out, rounds: usize) -> Result<Row, Box<dyn Error>> {
        out.clear();
        let [figures, _]: [Figures; 2] = alternate(
            rounds,
            || process::measure(&mut self.ours(programs, &["generate", "--out"], &out.ours)),
            || process::measure(programs.tonic("protos", &out.theirs).arg(self.folder).args(self.files)),
        );
        println!("{}, text: {}", self.name, outcome::same(out)?);
        Ok(Row { what: format!("{}, text to files", self.name), unit: "s", goal: Goal::AtMost(0.25), figures })
    }
}
