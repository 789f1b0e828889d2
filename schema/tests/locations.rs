//! Positions and comments are those of protoc; `BLESS=1` updates the dumps in `locations/`.

mod ours;
mod protoc;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_schema::file::{Comments, Locations};

use protoc::Protoc;
use protoc::locations::locations;

fn texts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/locations");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|extension| extension == "proto")).collect();
    files.sort();
    files
}

fn compile(text: &[u8]) -> Vec<u8> {
    ours::compile(text).unwrap()
}

/// Prints a line for each location, with columns from 0, and one for each of its comments.
fn dump(locations: &Locations) -> String {
    let mut dump = String::new();
    for (path, location) in locations.iter() {
        let span = location.span;
        let path: Vec<_> = path.iter().map(ToString::to_string).collect();
        let (line, column, end) = (span.start_line, span.start_column, span.end_column);
        _ = writeln!(dump, "{line}:{column} to {}:{end} [{}]", span.end_line, path.join(" "));
        let Some(comments) = &location.comments else { continue };
        let Comments { leading, trailing, detached } = &**comments;
        let detached = detached.iter().map(|text| ("detached", text));
        for (kind, text) in detached.chain([("leading", leading), ("trailing", trailing)]) {
            if kind == "detached" || !text.is_empty() {
                _ = writeln!(dump, "    {kind} \"{}\"", text.escape_ascii());
            }
        }
    }
    dump
}

#[test]
fn the_locations_are_the_expected_ones() {
    let mut stale = Vec::new();
    for file in texts() {
        let dump = dump(&locations(&compile(&fs::read(&file).unwrap())));
        let expected = file.with_extension("txt");
        if fs::read_to_string(&expected).ok().as_ref() != Some(&dump) {
            stale.push(expected.clone());
            if std::env::var_os("BLESS").is_some() {
                fs::write(expected, dump).unwrap();
            }
        }
    }
    assert!(stale.is_empty(), "{stale:?}: BLESS=1 cargo test -p rgrpc-schema --test locations updates them");
}

#[test]
fn protoc_makes_the_same_bytes() {
    let protoc = Protoc::in_folder("locations");
    for file in texts() {
        let text = fs::read(&file).unwrap();
        let expected = protoc.compile(&text).unwrap();
        assert_eq!(dump(&locations(&compile(&text))), dump(&locations(&expected)), "{}", file.display());
        assert!(compile(&text) == expected, "{}", file.display());
    }
}
