//! Runs a compiler, and captures its messages and its output.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// protoc, or the program that is compared with it.
pub struct Compiler {
    program: PathBuf,
    arguments: &'static [&'static str],
}

/// The outcome of a run.
pub struct Outcome {
    pub verdict: Verdict,
    /// The descriptor set, if the files are accepted.
    pub set: Vec<u8>,
    /// Standard error.
    pub said: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Accepted,
    Refused,
    /// It was killed by a signal, or panicked.
    Crashed,
}

/// The position of an error; line 0 stands for the whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    pub line: u32,
    pub column: u32,
}

/// The descriptor set to ask for, by the flags of each compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The named files with source info.
    Plain,
    /// Everything but source info, and all options.
    Complete,
}

impl Compiler {
    pub fn protoc() -> Self {
        Self { program: testdata::protoc(), arguments: &["--include_source_info"] }
    }

    pub fn candidate(program: PathBuf) -> Self {
        Self { program, arguments: &["descriptors"] }
    }

    pub fn run(&self, includes: &[PathBuf], files: &[String], asked: Asked) -> Outcome {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let out = folder.path().join("out");
        let mut command = Command::new(&self.program);
        let is_protoc = self.arguments[0].starts_with("--");
        match asked {
            Asked::Plain => command.args(self.arguments),
            Asked::Complete if is_protoc => command.args(["--include_imports", "--retain_options"]),
            Asked::Complete => {
                command.args(self.arguments).args(["--include_imports", "--retain_options", "--exclude-source-info"])
            }
        };
        for include in includes {
            command.arg("-I").arg(include);
        }
        let output = command.env_remove("PROTOC").arg("-o").arg(&out).args(files).output().expect("the compiler runs");
        let verdict = match output.status.code() {
            Some(0) => Verdict::Accepted,
            None | Some(101 | 134 | 139) => Verdict::Crashed,
            Some(_) => Verdict::Refused,
        };
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Outcome { verdict, set: fs::read(out).unwrap_or_default(), said }
    }
}

impl Outcome {
    /// Returns the positions of the errors, in the order in which they are printed.
    pub fn places(&self) -> Vec<Place> {
        self.said
            .lines()
            .filter(|line| !line.contains(": warning: ") && !line.starts_with(' '))
            .filter_map(place)
            .collect()
    }
}

/// Parses the position that a line starts with: `proto/user.proto:3:5: it is wrong`.
fn place(line: &str) -> Option<Place> {
    let end = line.find(".proto:")? + ".proto".len();
    let mut numbers = line[end + 1..].split(':');
    let mut number = || numbers.next().and_then(|number| number.trim().parse().ok());
    Some(Place { file: line[..end].to_owned(), line: number().unwrap_or(0), column: number().unwrap_or(0) })
}
