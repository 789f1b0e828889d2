//! `generate --watch` generates again after each change of an input, and goes on after errors.

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use std::{fs, thread};

use common::{Project, USER};

const SHOP: &str =
    "syntax = \"proto3\";\npackage shop;\nimport \"user.proto\";\nmessage Shop {\n  user.User owner = 1;\n}\n";

/// The running program and the lines that it prints. Dropping it kills the program.
struct Watching {
    program: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(project: &Project, arguments: &str) -> Self {
        Self::start_with(&[], project, arguments)
    }

    /// Starts the program with no other environment variables than these.
    fn start_with(variables: &[(&str, &str)], project: &Project, arguments: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_protoc-gen-rgrpc"))
            .args(arguments.split(' '))
            .current_dir(project.path(""))
            .env_clear()
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (said, lines) = channel();
        let stderr = BufReader::new(program.stderr.take().unwrap());
        thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| said.send(line)));
        Self { program, lines }
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(60)).expect("a line within a minute")
    }

    /// Waits for a line that contains `expected`.
    fn says(&self, expected: &str) {
        let mut said = vec![self.line()];
        while !said.iter().any(|line| line.contains(expected)) {
            said.push(
                self.lines.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("{expected}: {said:#?}")),
            );
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // The program may have ended already.
        _ = self.program.kill();
        self.program.wait().unwrap();
    }
}

#[test]
fn it_generates_again_after_every_change_and_goes_on_after_errors() {
    let project = Project::with(&[
        ("rgrpc.toml", "inputs = [\"proto\"]\nout = \"pb\"\n"),
        ("proto/user.proto", USER),
        ("proto/shop.proto", SHOP),
    ]);
    let watching = Watching::start(&project, "generate --watch");
    assert_eq!(watching.line(), "wrote 3 files");
    project.edit("proto/user.proto", "string name", "string full_name");
    assert_eq!(watching.line(), "wrote 1 file");
    assert!(project.read("pb/user.rs").contains("full_name"));

    project.edit("proto/user.proto", "string full_name", "strng full_name");
    watching.says("`strng` is not defined");
    project.edit("proto/user.proto", "strng full_name", "int64 full_name");
    watching.says("wrote ");

    project.write("proto/new.proto", "syntax = \"proto3\";\npackage new;\nimport \"later.proto\";\nmessage New {}\n");
    watching.says("imported file `later.proto` does not exist");
    project.write("proto/later.proto", "syntax = \"proto3\";\npackage later;\n");
    watching.says("wrote ");

    project.write("rgrpc.toml", "inputs = [\"proto\"]\nout = \"pb\"\noptions = { sever = false }\n");
    watching.says("unknown option `sever`");
    project.write("rgrpc.toml", "inputs = [\"proto\"]\nout = \"pb\"\noptions = { build_server = false }\n");
    watching.says("wrote ");
    assert!(!project.read("pb/user.rs").contains("users_server"));
}

#[test]
fn it_generates_again_when_an_input_disappears_and_reappears() {
    let project = Project::with(&[
        ("rgrpc.toml", "inputs = [\"proto\"]\nout = \"pb\"\n"),
        ("listed.toml", "inputs = [\"proto/user.proto\"]\nincludes = [\"proto\"]\nout = \"listed\"\n"),
        ("proto/user.proto", USER),
    ]);
    let moved = |from: &str, to: &str| fs::rename(project.path(from), project.path(to)).unwrap();
    project.run("descriptors -o set.binpb -I proto proto");
    for (arguments, path) in [
        ("generate --watch", "proto"),
        ("generate --watch --project listed.toml", "proto/user.proto"),
        ("generate --watch --out given -I proto proto/user.proto", "proto/user.proto"),
        ("generate --watch --out of_set set.binpb", "set.binpb"),
        // An include folder.
        ("generate --watch --out included -I proto user.proto", "proto"),
    ] {
        let watching = Watching::start(&project, arguments);
        watching.says("wrote ");
        for _ in 0..2 {
            moved(path, "away");
            watching.says("does not exist");
            moved("away", path);
            watching.says("up to date");
        }
    }
    // The input does not exist at the start.
    moved("proto", "away");
    for arguments in ["generate --watch", "generate --watch --out pb -I proto proto/user.proto"] {
        let watching = Watching::start(&project, arguments);
        watching.says("does not exist");
        moved("away", "proto");
        watching.says("up to date");
        moved("proto", "away");
    }
}

#[test]
fn it_generates_again_when_a_file_shadows_another() {
    let file = |name: &str| format!("syntax = \"proto3\";\npackage x;\nmessage {name} {{}}\n");
    let project = Project::with(&[
        ("main.proto", "syntax = \"proto3\";\nimport \"x.proto\";\nimport \"google/protobuf/empty.proto\";\n"),
        ("b/x.proto", &file("B")),
        ("a/other.proto", &file("Other")),
    ]);
    let watching = Watching::start(&project, "generate --watch --opt imports=true --out pb -I a -I b -I . main.proto");
    watching.says("wrote ");
    project.write("a/x.proto", &file("A"));
    watching.says("wrote 1 file");
    assert!(project.read("pb/x.rs").contains("struct A"));
    fs::remove_file(project.path("a/x.proto")).unwrap();
    watching.says("wrote 1 file");
    // It shadows the bundled file.
    project.write("a/google/protobuf/empty.proto", "syntax = \"proto3\";\npackage google.protobuf;\nmesage Empty {}\n");
    watching.says("a/google/protobuf/empty.proto:3:1");
}

#[test]
#[cfg(unix)]
fn it_generates_again_when_a_file_was_edited_during_a_run() {
    let project = Project::with(&[
        ("user.proto", USER),
        ("protoc", "#!/bin/sh\n[ -e ran ] || echo >> user.proto\ntouch ran\necho refused >&2\nexit 1\n"),
    ]);
    fs::set_permissions(project.path("protoc"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let watching = Watching::start_with(&[("PROTOC", "./protoc")], &project, "generate --watch --out pb user.proto");
    for _ in 0..2 {
        watching.says("refused");
    }
}

#[test]
fn it_exits_when_the_reader_closes_the_pipe() {
    let project = Project::with(&[("user.proto", USER)]);
    let mut watching = Watching::start(&project, "generate --watch --format json --out pb user.proto");
    drop(watching.program.stdout.take());
    while watching.program.try_wait().unwrap().is_none() {
        // It notices when it next writes something.
        project.write("user.proto", &format!("{}\n", project.read("user.proto")));
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(watching.program.wait().unwrap().code(), Some(0));
}

#[test]
fn it_exits_after_errors_that_no_change_of_a_file_resolves() {
    for (arguments, message) in [
        ("generate --watch user.proto", "the output folder is not set"),
        ("generate --watch --out pb --opt sever=false user.proto", "unknown option `sever`"),
        ("generate --watch --opt sever=false", "unknown option `sever`"),
        ("generate --watch --opt build_server=maybe --project rgrpc.toml", "invalid option `build_server=maybe`"),
        ("generate --watch --dry-run --out pb user.proto", "cannot be used with"),
    ] {
        let files = [("user.proto", USER), ("rgrpc.toml", "inputs = [\"user.proto\"]\nout = \"pb\"\n")];
        let run = Project::with(&files).run(arguments);
        assert!(run.code == 2 && run.stderr.contains(message), "{}", run.stderr);
    }
}
