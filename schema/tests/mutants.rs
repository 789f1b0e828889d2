//! Mutants of legal files: protoc and the parser agree on what is wrong with them.
//!
//! `MUTANTS=5000 SEED=1 cargo test -p rgrpc-schema --test mutants` tries more of them.

mod protoc;

use std::fs;
use std::path::{Path, PathBuf};

use protoc::{Protoc, first_line};

/// The legal files: those that import nothing but what protoc brings.
fn texts() -> Vec<Vec<u8>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [here.join("tests/locations"), here.join("../testdata/cases")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|extension| extension == "proto")).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// Splits a text into tokens, blanks and comments, roughly as a lexer does.
fn pieces(text: &[u8]) -> Vec<&[u8]> {
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

/// A generator of numbers that are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// A token less, one twice, two swapped, or one in the place of another.
fn mutant(text: &[u8], random: &mut Random) -> Vec<u8> {
    let mut pieces = pieces(text);
    for _ in 0..=random.below(2) {
        let tokens: Vec<_> = (0..pieces.len()).filter(|&index| !pieces[index].trim_ascii().is_empty()).collect();
        if tokens.is_empty() {
            break;
        }
        let (first, second) = (tokens[random.below(tokens.len())], tokens[random.below(tokens.len())]);
        match random.below(5) {
            0 => _ = pieces.remove(first),
            1 => pieces.insert(first, pieces[first]),
            2 => pieces.swap(first, second),
            3 => pieces[first] = pieces[second],
            _ => {
                let next = tokens.iter().copied().find(|&token| token > first).unwrap_or(first);
                pieces.swap(first, next);
            }
        }
    }
    pieces.concat()
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

#[test]
fn protoc_agrees_on_mutants() {
    let protoc = Protoc::in_folder("mutants");
    let texts = texts();
    let mut random = Random(setting("SEED", 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut wrong = Vec::new();
    for _ in 0..setting("MUTANTS", 200) {
        let mutant = mutant(&texts[random.below(texts.len())], &mut random);
        let errors = rgrpc_schema::parse("a.proto", &mutant).errors;
        let ours = errors.first().and_then(|error| error.position.as_ref()?.line_column).map(|(line, _)| line);
        let theirs = protoc.compile(&mutant);
        let line = theirs.as_ref().err().map(|printed| first_line(printed));
        // What linking refuses, the parser does not.
        if ours.is_some() && ours != line {
            let text = String::from_utf8_lossy(&mutant);
            wrong.push(format!("{}\nprotoc: {theirs:?}\n{text}", errors[0]));
        }
    }
    assert!(wrong.is_empty(), "{} mutants:\n{}", wrong.len(), wrong.join("\n----\n"));
}
