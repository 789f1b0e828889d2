//! Documents a crate with traps and random comments, and runs rustdoc, clippy and `cargo test --doc` on it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rgrpc_codegen::docs::rustdoc;

use crate::corpus;

/// The places for a comment, which replaces `DOC`. `@` is replaced by a number.
const ITEMS: &[&str] = &[
    "DOCpub struct S@;",
    "DOCpub fn f@() {}",
    "/// A struct.\npub struct T@ {\nDOCpub field: u8,\n}",
    "/// An enum.\npub enum E@ {\nDOCOne,\n}",
    "DOCpub mod m@ {}",
    "/// A trait.\npub trait R@ {\nDOCfn method(&self);\n}",
];

#[test]
fn rustdoc_and_clippy_accept_all_docs_and_none_is_a_doctest() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs");
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(
        folder.join("Cargo.toml"),
        "[package]\nname = \"documented\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n",
    )
    .unwrap();
    fs::write(folder.join("src/lib.rs"), source()).unwrap();

    succeed(cargo(&folder, &["clippy", "--", "-D", "clippy::all", "-D", "clippy::pedantic"]));
    succeed(cargo(&folder, &["doc"]));
    let tests = succeed(cargo(&folder, &["test", "--doc"]));
    assert!(tests.contains("running 0 tests"), "{tests}");
}

fn source() -> String {
    let mut source = String::from(
        "//! Documented.\n#![deny(warnings, missing_docs, rustdoc::all, clippy::all, clippy::pedantic)]\n",
    );
    let traps = corpus::TRAPS.iter().flat_map(|trap| std::iter::repeat_n((*trap).to_owned(), ITEMS.len()));
    let comments = traps.chain(corpus::random(1, 15).take(300));
    for (index, comment) in comments.enumerate() {
        let mut docs = String::new();
        for line in rustdoc(&comment).lines() {
            writeln!(docs, "///{line}").unwrap();
        }
        if docs.is_empty() {
            continue;
        }
        let item = ITEMS[index % ITEMS.len()].replace('@', &index.to_string()).replace("DOC", &docs);
        writeln!(source, "{item}\n").unwrap();
    }
    source
}

fn cargo(folder: &PathBuf, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(folder).args(arguments[..1].iter()).args(["--offline", "--target-dir", "target"]);
    for variable in ["RUSTFLAGS", "RUSTDOCFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_TARGET_DIR"] {
        command.env_remove(variable);
    }
    command.args(&arguments[1..]).output().expect("cargo runs")
}

/// Asserts that a command succeeded, and returns its standard output.
fn succeed(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}
