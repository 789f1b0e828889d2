//! The migration guide covers every method, option and feature of tonic's generators, and names only existing ones of rgrpc.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use rgrpc_codegen::OPTIONS;

/// Every method of tonic-prost-build's builder and of prost-build's `Config` has a row.
#[test]
fn every_old_method_has_a_row() {
    let old: Vec<String> = rows().into_iter().map(|[old, _]| old).collect();
    for (package, file) in [("tonic-prost-build", "lib.rs"), ("prost-build", "config.rs")] {
        let methods = methods(&fs::read_to_string(sources(package).join(file)).unwrap());
        assert!(methods.len() > 25, "{package} has only {methods:?}");
        for method in methods.iter().filter(|method| *method != "new") {
            assert!(old.iter().any(|cell| cell.starts_with(&format!("`{method}("))), "{package}: {method}");
        }
    }
}

/// Each new method and option exists, and takes the arguments that the guide shows.
#[test]
fn every_new_method_and_option_exists() {
    let methods = parameters(&texts(Path::new("../../build-helper/src")));
    let mut found = 0;
    for name in rows().iter().flat_map(|[_, new]| code(new)).map(str::to_owned) {
        if let Some((option, _)) = name.split_once('=') {
            assert!(OPTIONS.iter().any(|spec| spec.name == option), "{name}");
        } else if let Some((method, _)) = name.split_once('(').filter(|(method, _)| is_name(method)) {
            let written: Vec<Kind> = split(name.split_once('(').unwrap().1).map(Kind::of_argument).collect();
            let known = methods.iter().find(|(known, _)| known == method).map(|(_, parameters)| parameters);
            assert_eq!(known, Some(&written), "{name}");
        } else {
            continue;
        }
        found += 1;
    }
    assert!(found > 50, "only {found} names were looked up");
}

/// Every feature of tonic has a row, and its counterpart is a feature of rgrpc.
#[test]
fn every_cargo_feature_has_a_row() {
    let guide = fs::read_to_string("README.md").unwrap();
    let table = guide.split_once("## Cargo features").unwrap().1.split_once("\n## ").unwrap().0;
    let lines = table.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows: Vec<(&str, &str)> = lines.skip(1).filter_map(|line| line.split_once(" | ")).collect();
    let old = features(&sources("tonic").with_file_name("Cargo.toml"));
    for feature in old.iter().filter(|feature| !feature.starts_with('_')) {
        assert!(rows.iter().any(|(old, _)| *old == format!("`{feature}`")), "{feature}");
    }
    let new = features(Path::new("../../runtime/Cargo.toml"));
    let mut found = 0;
    for name in rows.iter().flat_map(|(_, new)| code(new)) {
        assert!(new.iter().any(|feature| feature == name), "{name}");
        found += 1;
    }
    assert!(found > 15, "{found}");
}

/// The features that a manifest declares.
fn features(manifest: &Path) -> Vec<String> {
    let text = fs::read_to_string(manifest).unwrap();
    let declared = text.split_once("[features]\n").unwrap().1.split_once("\n[").unwrap().0;
    let names = declared.lines().filter(|line| !line.starts_with([' ', '#']));
    names.filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())).collect()
}

/// The cells of the tables of options, old and new.
fn rows() -> Vec<[String; 2]> {
    let guide = fs::read_to_string("README.md").unwrap();
    let options = guide.split_once("## From tonic-prost-build").unwrap().1.split_once("## In code").unwrap().0;
    let lines = options.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let cells = lines.filter_map(|line| line.split_once(" | "));
    cells.map(|(old, new)| [old.to_owned(), new.to_owned()]).collect()
}

/// The code spans of a cell.
fn code(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The names of the public methods in a file.
fn methods(text: &str) -> Vec<String> {
    let methods = text.lines().filter_map(|line| line.strip_prefix("    pub fn "));
    methods.map(|line| line.chars().take_while(|c| is_name(&c.to_string())).collect()).collect()
}

/// The kind of a parameter, as far as the tables show it.
#[derive(Debug, PartialEq)]
enum Kind {
    Switch,
    One,
    Several,
}

impl Kind {
    fn of_argument(text: &str) -> Self {
        match text {
            "bool" | "true" | "false" => Self::Switch,
            _ if text.starts_with("&[") || text.starts_with('[') || text.ends_with('s') => Self::Several,
            _ => Self::One,
        }
    }

    fn of_type(text: &str) -> Self {
        match text {
            "bool" => Self::Switch,
            _ if text.starts_with("&[") || text.contains("IntoIterator") => Self::Several,
            _ => Self::One,
        }
    }
}

/// The methods of a file, and the kinds of their parameters.
fn parameters(text: &str) -> Vec<(String, Vec<Kind>)> {
    let signatures = text.split("    pub fn ").skip(1).filter_map(|rest| rest.split_once('('));
    let signatures = signatures.map(|(name, rest)| (name, rest.split_once(" ->").map_or(rest, |(inside, _)| inside)));
    let typed =
        |inside| split(inside).filter_map(|parameter| parameter.split_once(": ")).map(|(_, of)| Kind::of_type(of));
    signatures.map(|(name, inside)| (name.to_owned(), typed(inside).collect())).collect()
}

/// The items of a comma-separated list, up to its closing bracket.
fn split(list: &str) -> impl Iterator<Item = &str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '(' | '[' | '<' => depth += 1,
            ')' if depth == 0 => {
                parts.push(&list[start..at]);
                break;
            }
            ')' | ']' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty())
}

/// All sources below a folder.
fn texts(folder: &Path) -> String {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| if path.is_dir() { texts(&path) } else { fs::read_to_string(path).unwrap() }).collect()
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The folder of the sources of a dependency.
fn sources(package: &str) -> PathBuf {
    let host = run("rustc".into(), &["--print", "host-tuple"]);
    let arguments = ["metadata", "--format-version=1", "--locked", "--filter-platform"];
    let metadata = run(env::var_os("CARGO").unwrap(), &[&arguments[..], &[host.trim()]].concat());
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let found = metadata["packages"].as_array().unwrap().iter().find(|found| found["name"] == package).unwrap();
    PathBuf::from(found["manifest_path"].as_str().unwrap()).with_file_name("src")
}

fn run(program: OsString, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
