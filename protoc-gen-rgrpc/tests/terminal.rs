//! Output that is only shown on a terminal: colours, source lines and progress.
#![cfg(unix)]

mod common;

use std::fs::File;
use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use common::{Project, USER};

/// Runs the program on a terminal, and returns the output on the terminal and the exit status. The terminal is also standard input, unless
/// another is given.
fn run(
    project: &Project,
    stdin: Option<Stdio>,
    variables: &[(&str, &str)],
    arguments: &[&str],
) -> (String, Option<i32>) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
    let side = || File::options().read(true).write(true).open(&name).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_protoc-gen-rgrpc"))
        .args(arguments)
        .current_dir(project.path(""))
        .stdin(stdin.unwrap_or_else(|| side().into()))
        .stdout(side())
        .stderr(side())
        .env_clear()
        .envs(variables.iter().copied())
        .spawn()
        .unwrap();
    let mut shown = Vec::new();
    // On Linux, reading a terminal that was closed is an error.
    let _ = File::from(terminal).read_to_end(&mut shown);
    (String::from_utf8(shown).unwrap(), child.wait().unwrap().code())
}

#[test]
fn colours_are_shown_on_terminals_that_support_them() {
    let project = Project::with(&[("user.proto", USER)]);
    project.run("generate --out pb user.proto");
    project.edit("pb/user.rs", "struct User", "struct Mine");
    let check = ["check", "--out", "pb", "user.proto"];
    for (variables, coloured) in [
        (&[("TERM", "xterm")][..], true),
        (&[("TERM", "xterm"), ("NO_COLOR", "1")], false),
        (&[("TERM", "dumb")], false),
    ] {
        let (shown, code) = run(&project, None, variables, &check);
        assert_eq!(code, Some(1), "{shown}");
        assert_eq!(shown.contains("\x1b[32m+pub struct User {\x1b[0m"), coloured, "{variables:?}\n{shown}");
        assert_eq!(shown.contains('\x1b'), coloured, "{variables:?}");
    }
    assert!(!project.run_with(&[("TERM", "xterm")], &check).stdout.contains('\x1b'));
}

#[test]
fn errors_show_the_source_line() {
    let project = Project::with(&[("p/bad.proto", "syntax = \"proto3\";\nmessage A {\n  Nope nope = 1;\n}\n")]);
    let generate = ["generate", "--out", "pb", "-Ip", "bad.proto"];
    for (variables, red, end) in
        [(&[("TERM", "xterm")][..], "\x1b[31m", "\x1b[0m"), (&[("TERM", "xterm"), ("NO_COLOR", "1")], "", "")]
    {
        let (shown, code) = run(&project, None, variables, &generate);
        assert_eq!(code, Some(2), "{shown}");
        let expected = format!("    3 |   Nope nope = 1;\r\n{red}      |   ^^^^{end}\r\n");
        assert!(shown.contains("p/bad.proto:3:3: ") && shown.contains(&expected), "{shown}");
        assert_eq!(shown.contains('\x1b'), !red.is_empty(), "{shown:?}");
    }
    let plain = project.run_with(&[("TERM", "xterm")], &generate).stderr;
    assert!(!plain.contains('\x1b') && !plain.contains('|'), "{plain}");
}

/// A descriptor set that arrives after more than a second.
fn slow() -> Stdio {
    let (reader, mut writer) = io::pipe().unwrap();
    let set = testdata::cases()[0].descriptor_set();
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(1500));
        writer.write_all(&set).unwrap();
    });
    reader.into()
}

#[test]
fn progress_is_only_shown_on_a_terminal() {
    let arguments = ["generate", "--out", "pb", "/dev/stdin"];
    let project = Project::with(&[]);
    let (shown, _) = run(&project, Some(slow()), &[("TERM", "xterm")], &arguments);
    assert!(!project.names("pb").is_empty(), "{shown}");
    assert_eq!(shown, "generating, 1 s\r               \rwrote 2 files\r\n");

    let project = Project::with(&[]);
    let silent = project.run_from(slow(), &[], &arguments).stderr;
    assert!(!project.names("pb").is_empty(), "{silent}");
    assert_eq!(silent, "wrote 2 files\n");
}
