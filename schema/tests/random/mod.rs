//! Reproducible random numbers, and the texts that tests change by them.

#![allow(dead_code, reason = "not every test needs everything")]

use std::fs;
use std::path::{Path, PathBuf};

/// Returns a setting from the environment, such as the number of cases or the seed of a longer run.
pub fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        testdata::random::next(&mut self.0)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        testdata::random::below(&mut self.0, bound)
    }

    pub fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// The valid texts to start from, which only import bundled files.
pub fn texts() -> Vec<Vec<u8>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [here.join("tests/locations"), here.join("../testdata/cases")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|extension| extension == "proto")).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// Splits a text into tokens, blanks and comments, roughly as a lexer does.
pub fn pieces(text: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(&first) = rest.first() {
        let while_of = |class: fn(u8) -> bool| rest.iter().position(|&byte| !class(byte)).unwrap_or(rest.len());
        let up_to = |end: &[u8]| {
            rest.windows(end.len()).skip(1).position(|window| window == end).map_or(rest.len(), |at| at + 1 + end.len())
        };
        let length = match first {
            b'/' if rest.starts_with(b"//") => up_to(b"\n"),
            b'/' if rest.starts_with(b"/*") => up_to(b"*/"),
            b'"' | b'\'' => up_to(&[first]),
            _ if first.is_ascii_whitespace() => while_of(|byte| byte.is_ascii_whitespace()),
            _ if first.is_ascii_alphanumeric() || first == b'_' => {
                while_of(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            }
            _ => 1,
        };
        let (piece, behind) = rest.split_at(length);
        pieces.push(piece);
        rest = behind;
    }
    pieces
}
