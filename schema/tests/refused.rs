//! Texts that protoc's parser refuses are refused on the same line; `BLESS=1` updates the messages.
//!
//! A case in `refused/` is a name after `===`, a text, and the errors after `---`.

mod protoc;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use protoc::{Protoc, first_line};

struct Case {
    name: String,
    text: String,
    expected: String,
}

/// Inputs that are not text, so that the files in `refused/` cannot hold them.
const BYTES: &[(&str, &[u8], &str)] = &[
    ("a control character", b"syntax = \"proto3\";\nmessage M { \x01 }", "a.proto:2:13: unexpected control character"),
    ("a NUL", b"syntax = \"proto3\";\nmessage M {\0}", "a.proto:2:12: unexpected control character"),
    ("a NUL in a comment", b"syntax = \"proto3\";\n// a\0\nmessage M {}", "a.proto:2:5: unexpected control character"),
    ("a NUL in a block comment", b"/* a\0\n*/ message M {}", "a.proto:1:5: the block comment is not closed"),
    (
        "a NUL in a string",
        b"syntax = \"proto3\";\npackage a; import \"a\0\";",
        "a.proto:2:21: the string is not closed",
    ),
    ("a delete character", b"syntax = \"proto3\";\nmessage M {\x7f}", "a.proto:2:12: expected a type, found `\x7f`"),
    (
        "a line that ends as on Windows",
        b"syntax = \"proto3\";\r\nmessage M {\r\n  int32 a 1;\r\n}",
        "a.proto:3:11: expected `=` and the field's number, found `1`",
    ),
    ("half a byte order mark", b"\xefsyntax = \"proto3\";", "a.proto:1:1: the file is not UTF-8"),
    (
        "another encoding",
        b"\xff\xfes\0y\0n\0",
        "a.proto:1:1: `\u{fffd}\u{fffd}` is only allowed in strings and comments",
    ),
    (
        "bytes outside of strings",
        b"syntax = \"proto3\";\nmessage M {\xff\xff}",
        "a.proto:2:12: `\u{fffd}\u{fffd}` is only allowed in strings and comments",
    ),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refused")
}

fn files() -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn cases(file: &Path) -> Vec<Case> {
    let text = fs::read_to_string(file).unwrap();
    let cases = text.split("=== ").skip(1).map(|case| {
        let (name, rest) = case.split_once('\n').unwrap();
        let (text, expected) = rest.split_once("--- ").unwrap();
        Case { name: name.to_owned(), text: text.to_owned(), expected: expected.trim_end().to_owned() }
    });
    cases.collect()
}

fn errors(text: &[u8]) -> String {
    let parsed = rgrpc_schema::parse("a.proto", text);
    let errors = parsed.errors.iter().map(|error| format!("{error}\n"));
    errors.collect::<String>().trim_end().to_owned()
}

#[test]
fn each_error_is_the_expected_one() {
    let mut stale = Vec::new();
    for file in files() {
        let mut renewed = String::new();
        for Case { name, text, expected } in cases(&file) {
            let errors = errors(text.as_bytes());
            if errors != expected || errors.is_empty() {
                stale.push(format!("{}: {name}:\n{errors}", file.file_stem().unwrap().display()));
            }
            _ = write!(renewed, "=== {name}\n{text}--- {errors}\n");
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&file, renewed).unwrap();
        }
    }
    assert!(stale.is_empty(), "{}\nBLESS=1 cargo test -p rgrpc-schema --test refused updates them", stale.join("\n"));
}

#[test]
fn inputs_that_are_not_text_have_a_position() {
    for (name, text, expected) in BYTES {
        let errors = errors(text);
        assert_eq!(errors.lines().next(), Some(*expected), "{name}:\n{errors}");
    }
}

#[test]
fn protoc_refuses_each_on_the_same_line() {
    let protoc = Protoc::in_folder("refused");
    let cases = files().into_iter().flat_map(|file| cases(&file));
    let cases = cases.map(|case| (case.name, case.text.into_bytes()));
    let bytes = BYTES.iter().map(|(name, text, _)| ((*name).to_owned(), text.to_vec()));
    let mut wrong = Vec::new();
    for (name, text) in cases.chain(bytes) {
        let ours = rgrpc_schema::parse("a.proto", &text).errors;
        let ours = ours.first().and_then(|error| error.position.as_ref()?.line_column).map(|(line, _)| line);
        let Err(printed) = protoc.compile(&text) else {
            wrong.push(format!("{name}: protoc accepts it"));
            continue;
        };
        let protoc = first_line(&printed);
        if ours.is_none() || protoc.is_some() && ours != protoc {
            wrong.push(format!("{name}: protoc {protoc:?}, ours {ours:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
