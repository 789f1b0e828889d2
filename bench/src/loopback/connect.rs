//! Runs the program of `bench/connect/`, which measures connectrpc's stubs in a process of its own.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use crate::programs::{cargo, run, target};

/// The program; it ends when its input does.
pub(crate) struct Connect {
    work: ChildStdin,
    figures: BufReader<ChildStdout>,
}

impl Connect {
    pub(crate) fn start() -> io::Result<Self> {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/connect/Cargo.toml");
        let target = target()?;
        let build = ["build", "--release", "--locked", "--manifest-path", manifest, "--target-dir"];
        run(cargo().args(build).arg(&target))?;
        let mut command = Command::new(target.join("release/bench-connect"));
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let missing = || io::Error::other("the streams of the child are piped");
        let figures = BufReader::new(child.stdout.ok_or_else(missing)?);
        Ok(Self { work: child.stdin.ok_or_else(missing)?, figures })
    }

    /// # Panics
    /// Panics if the program fails; the program has then printed the reason.
    pub(crate) fn measure(&mut self, work: &str) -> Vec<f64> {
        writeln!(self.work, "{work}").expect("the program reads work");
        let mut line = String::new();
        self.figures.read_line(&mut line).expect("the program prints figures");
        line.split_whitespace().map(|figure| figure.parse().expect("figures are numbers")).collect()
    }
}
