//! Checks that the tests that `README.md` lists exist.

use std::fs;
use std::path::Path;

fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_test_that_is_listed_exists() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut all = String::new();
    sources(&folder, &mut all);
    let list = fs::read_to_string(folder.join("README.md")).unwrap();
    let rows = list.lines().filter_map(|line| line.strip_prefix("| ")?.rsplit_once(" | "));
    let tests: Vec<_> = rows
        .flat_map(|(_, tests)| tests.split('`').skip(1).step_by(2))
        .filter(|name| name.contains('_') && !name.contains(['.', '/', ' ']))
        .collect();
    assert!(tests.len() > 60, "{tests:?}");
    for test in tests.into_iter().filter(|name| *name != "game_day") {
        assert!(all.contains(&format!("fn {test}(")), "there is no test `{test}`");
    }
}
