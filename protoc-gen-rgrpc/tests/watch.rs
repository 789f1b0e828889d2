//! `generate --watch`: which changes make it generate again, and that no error ends it.

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use common::{Project, USER};

const SHOP: &str =
    "syntax = \"proto3\";\npackage shop;\nimport \"user.proto\";\nmessage Shop {\n  user.User owner = 1;\n}\n";

/// The program at work, and the lines that it says; it ends with this.
struct Watching {
    program: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(project: &Project, arguments: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_protoc-gen-rgrpc"))
            .args(arguments.split(' '))
            .current_dir(project.path(""))
            .stdin(Stdio::null())
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
        self.program.kill().unwrap();
        self.program.wait().unwrap();
    }
}

#[test]
fn every_change_of_what_was_read_generates_again_and_no_error_ends_it() {
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
    watching.says("`strng` is not declared");
    project.edit("proto/user.proto", "strng full_name", "int64 full_name");
    watching.says("wrote ");

    project.write("proto/new.proto", "syntax = \"proto3\";\npackage new;\nimport \"later.proto\";\nmessage New {}\n");
    watching.says("imported file `later.proto` does not exist");
    project.write("proto/later.proto", "syntax = \"proto3\";\npackage later;\n");
    watching.says("wrote ");

    project.write("rgrpc.toml", "inputs = [\"proto\"]\nout = \"pb\"\noptions = { sever = false }\n");
    watching.says("unknown option `sever`");
    project.write("rgrpc.toml", "inputs = [\"proto\"]\nout = \"pb\"\noptions = { server = false }\n");
    watching.says("wrote ");
    assert!(!project.read("pb/user.rs").contains("users_server"));
}

#[test]
fn what_no_change_of_a_file_would_better_ends_it() {
    for (arguments, message) in [
        ("generate --watch --out pb gone.proto", "`gone.proto` does not exist"),
        ("generate --watch --out pb --opt sever=false user.proto", "unknown option `sever`"),
        ("generate --watch --dry-run --out pb user.proto", "cannot be used with"),
    ] {
        let run = Project::with(&[("user.proto", USER)]).run(arguments);
        assert!(run.code == 2 && run.stderr.contains(message), "{}", run.stderr);
    }
}
