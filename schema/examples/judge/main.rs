//! Compares `protoc-gen-rgrpc descriptors` with protoc: which files they refuse, on which lines, and their descriptors, byte for byte.
//!
//! `judge NAME PROGRAM [-I DIR].. FOLDER.. [-- [-I DIR].. FOLDER..]..` compiles every `.proto` file below the folders with
//! both programs: all files at once, and if they are refused, in smaller and smaller groups. After `--one-by-one` it compiles each file on
//! its own. It prints the differences and a line of counts, and fails if there is any difference.

mod compare;
mod compiler;
mod difference;
mod tally;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use compare::Judge;
use compiler::Compiler;
use tally::Tally;

/// Folders whose files are compiled together.
#[derive(Debug, Default)]
struct Set {
    includes: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    one_by_one: bool,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), Some(program)) = (arguments.next(), arguments.next()) else {
        eprintln!("judge NAME PROGRAM [-I DIR].. FOLDER.. [-- [-I DIR].. FOLDER..]..");
        return ExitCode::from(2);
    };
    let judge = Judge { protoc: Compiler::protoc(), candidate: Compiler::candidate(program.into()) };
    let mut tally = Tally::default();
    for set in sets(arguments) {
        let files = files(&set);
        let group = if set.one_by_one { 1 } else { files.len() };
        judge.compare(&set.includes, &files, group, &mut tally);
    }
    println!("{name:<24} {tally}");
    if tally.is_equal() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn sets(arguments: impl Iterator<Item = String>) -> Vec<Set> {
    let mut sets = vec![Set::default()];
    let mut is_include = false;
    for argument in arguments {
        let set = sets.last_mut().expect("there is one");
        match &*argument {
            "--" => sets.push(Set::default()),
            "-I" => is_include = true,
            "--one-by-one" => set.one_by_one = true,
            _ if std::mem::take(&mut is_include) => set.includes.push(argument.into()),
            _ => set.folders.push(argument.into()),
        }
    }
    sets
}

/// Returns the files below the folders, by their names relative to the first include folder that contains them.
fn files(set: &Set) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = set.folders.clone();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "proto") {
                found.extend(name(&path, &set.includes));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn name(path: &Path, includes: &[PathBuf]) -> Option<String> {
    let below = includes.iter().find_map(|include| path.strip_prefix(include).ok());
    below.and_then(Path::to_str).map(str::to_owned)
}
