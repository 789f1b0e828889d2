//! The `.proto` texts of this repository.

use std::fs;
use std::path::Path;

/// The `.proto` files of testdata and of the tests of rgrpc-schema, sorted.
///
/// # Panics
/// Panics if they cannot be read.
#[must_use]
pub fn texts() -> Vec<Vec<u8>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for folder in ["../tests", "../../testdata"] {
        collect(&here.join(folder), &mut texts);
    }
    texts.sort();
    texts
}

fn collect(folder: &Path, texts: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension {
            _ if path.is_dir() => collect(&path, texts),
            Some("proto") => texts.push(fs::read(path).expect("a file")),
            Some("txt") if folder.ends_with("refused") => refused(&fs::read_to_string(path).expect("a text"), texts),
            _ => {}
        }
    }
}

/// Splits a file of texts that are refused.
fn refused(cases: &str, texts: &mut Vec<Vec<u8>>) {
    let cases = cases.split("=== ").filter_map(|case| Some(case.split_once('\n')?.1.split_once("--- ")?.0));
    texts.extend(cases.map(|text| text.as_bytes().to_vec()));
}
