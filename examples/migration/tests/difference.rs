//! The committed diffs of the projects are up to date, and so are their line counts in the guide.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use similar::{ChangeTag, TextDiff};

/// The difference of two versions of a project.
struct Difference {
    /// A unified diff.
    text: String,
    lines_before: usize,
    removed: usize,
    added: usize,
}

const PROJECTS: [&str; 2] = ["accounts", "chat"];

#[test]
fn the_committed_diffs_are_up_to_date() {
    let path = |project: &str| format!("{project}.diff");
    let is_stale = |project: &&str| fs::read_to_string(path(project)).unwrap_or_default() != difference(project).text;
    let stale: Vec<&str> = PROJECTS.into_iter().filter(is_stale).collect();
    if std::env::var_os("BLESS").is_some() {
        for project in &stale {
            fs::write(path(project), difference(project).text).unwrap();
        }
    }
    assert!(stale.is_empty(), "the diffs of {stale:?} are out of date: BLESS=1 cargo test -p migration writes them");
}

#[test]
fn the_guide_has_the_line_counts() {
    let guide = fs::read_to_string("README.md").unwrap();
    for project in PROJECTS {
        let Difference { lines_before, removed, added, .. } = difference(project);
        let row = format!("| [{project}]({project}.diff) | {lines_before} | {removed} | {added} |");
        assert!(guide.contains(&row), "the guide does not contain the row {row}");
    }
}

fn difference(project: &str) -> Difference {
    let folder = Path::new(project);
    let (before, after) = (files(&folder.join("tonic")), files(&folder.join("rgrpc")));
    let lines_before = before.values().map(|text| text.lines().count()).sum();
    let mut difference = Difference { text: String::new(), lines_before, removed: 0, added: 0 };
    assert!(before.keys().eq(after.keys()), "a file was added or removed");
    for (name, old) in &before {
        let diff = TextDiff::from_lines(old, &after[name]);
        let names = (format!("tonic/{name}"), format!("rgrpc/{name}"));
        write!(difference.text, "{}", diff.unified_diff().header(&names.0, &names.1)).unwrap();
        let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
        difference.removed += count(ChangeTag::Delete);
        difference.added += count(ChangeTag::Insert);
    }
    difference
}

/// The text of every file below a folder, by relative path.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            files.extend(self::files(&path).into_iter().map(|(below, text)| (format!("{name}/{below}"), text)));
        } else {
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    files
}
