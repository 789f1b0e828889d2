//! The program itself: its help, its handling of invalid command lines, and its behavior as a plugin.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use rgrpc_codegen::OPTIONS;

#[test]
fn version_is_printed() {
    let output = run(&["--version"], b"");
    assert_eq!(text(&output.stdout), format!("protoc-gen-rgrpc {}\n", env!("CARGO_PKG_VERSION")));
    assert!(output.status.success());
}

#[test]
fn help_names_every_command_and_the_plugin() {
    let output = run(&["--help"], b"");
    let help = text(&output.stdout);
    for part in ["generate", "options", "completions", "man", "--rgrpc_out", "@FILE"] {
        assert!(help.contains(part), "{part} is missing:\n{help}");
    }
    assert!(output.status.success());
}

#[test]
fn options_prints_every_option_of_the_table() {
    let output = run(&["options"], b"");
    let printed = text(&output.stdout);
    for option in OPTIONS {
        let usage = format!("{}={}", option.name, option.value);
        let expected = format!("{usage}\n    {}\n    {}\n", option.help(), option.example());
        assert!(printed.contains(&expected), "{printed}");
    }
    assert!(output.status.success());
}

#[test]
fn an_invalid_command_line_is_an_error_with_help() {
    for (arguments, message) in [
        (&["--verison"][..], "a similar argument exists: '--version'"),
        (&["generat"], "a similar subcommand exists: 'generate'"),
        (&["generate"], "name .proto files or folders, or set `inputs` in rgrpc.toml"),
        (&["generate", "Cargo.toml"], "set it with `--out <DIR>`, with `out` in rgrpc.toml"),
        (&["generate", "--out", "x"], "name .proto files or folders, or set `inputs` in rgrpc.toml"),
        (&["generate", "--out", "x", "-q", "-v", "a.proto"], "'--quiet' cannot be used with '--verbose'"),
        (&["generate", "--out", "x", "--out", "y", "a.proto"], "'--out <DIR>' cannot be used multiple times"),
        (&["generate", "--out", "x", "-I", ".", "Cargo.toml"], "`Cargo.toml`: not a serialized FileDescriptorSet"),
        (
            &["generate", "--out", "x", "Cargo.toml", "src"],
            "`src` is a folder, and cannot be combined with the descriptor set `Cargo.toml`",
        ),
        (
            &["generate", "--out", "x", "Cargo.toml", "README.md"],
            "`Cargo.toml` and `README.md` are both descriptor sets",
        ),
    ] {
        let output = run(arguments, b"");
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(message), "{error}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn something_else_than_a_request_is_an_error() {
    rejects(b"syntax = \"proto3\";", "standard input is not a CodeGeneratorRequest");
}

#[test]
fn a_truncated_request_is_an_error() {
    let request = testdata::cases()[0].request();
    rejects(&request[..request.len() / 2], "standard input is not a CodeGeneratorRequest");
}

#[test]
fn an_empty_request_generates_an_empty_module_tree() {
    let output = run(&[], b"");
    assert!(output.status.success());
    assert!(text(&output.stdout).contains("mod.rs"));
}

fn rejects(request: &[u8], message: &str) {
    let output = run(&[], request);
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains(message) && error.contains("\n  help: "), "{error}");
    assert!(output.stdout.is_empty());
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_protoc-gen-rgrpc"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may exit without reading its input.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
