//! The README says what is true: its options are those of the table, its code is that of the examples and of the runtime's docs.

use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_codegen::OPTIONS;

#[test]
fn the_options_are_those_of_the_table() {
    let readme = read("README.md");
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> =
        OPTIONS.iter().map(|option| format!("| `{}={}` | {} |", option.name, option.value, option.help())).collect();
    assert_eq!(rows, expected);
}

#[test]
fn the_code_is_that_of_the_examples() {
    let files = [
        "quickstart/build.rs",
        "quickstart/src/lib.rs",
        "quickstart/src/main.rs",
        "quickstart/src/directory.rs",
        "authorization/src/authorize.rs",
        "checkout/tests/checkout.rs",
        "sharing/common/build.rs",
        "traces/src/services.rs",
    ];
    let documented = [
        "runtime/src/balance/open.rs",
        "runtime/src/channel/mod.rs",
        "runtime/src/error_details.rs",
        "runtime/src/intercept/mod.rs",
        "runtime/src/serve/mod.rs",
        "runtime/src/server/mod.rs",
        "runtime/src/tls/server.rs",
        "runtime/src/unknown_fields/extension.rs",
    ];
    let examples = files.iter().map(|file| read(&format!("examples/{file}")));
    let examples: Vec<String> = examples.chain(documented.iter().map(|file| doctests(&read(file)))).collect();
    let readme = read("README.md");
    let blocks: Vec<&str> = readme.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        assert!(examples.iter().any(|file| file.contains(block)), "not in the examples:\n{block}");
    }
}

/// The docs of a file, without the lines that rustdoc hides.
fn doctests(file: &str) -> String {
    let lines = file.lines().map(str::trim_start);
    let docs = lines.filter_map(|line| line.strip_prefix("///").or(line.strip_prefix("//!")));
    let docs = docs.map(|line| line.strip_prefix(' ').unwrap_or(line));
    docs.filter(|line| !line.starts_with("# ")).flat_map(|line| [line, "\n"]).collect()
}

fn read(file: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
