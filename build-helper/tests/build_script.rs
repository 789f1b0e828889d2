//! Build scripts as cargo sees them: each test runs this program again, with the environment that cargo sets.

mod common;

use std::env;
use std::path::Path;
use std::process::Command;

use common::{Folder, PROTOS, descriptor_set, protoc};

/// The inputs of each call of `script`, separated by `;`: files, separated by commas, or a descriptor set.
const CALLS: &str = "RGRPC_TEST_CALLS";
const INCLUDE: &str = "RGRPC_TEST_INCLUDE";
const FOLDER: &str = "RGRPC_TEST_FOLDER";
const ARGUMENT: &str = "RGRPC_TEST_ARGUMENT";
const CONFIG: &str = "RGRPC_TEST_CONFIG";

/// The build script, which the tests below run; not a test itself.
#[test]
fn script() {
    let Ok(calls) = env::var(CALLS) else { return };
    println!();
    for (number, call) in calls.split(';').enumerate() {
        let mut builder = rgrpc_build::configure();
        if number > 0 {
            builder = builder.include_file(format!("mod{number}.rs"));
        }
        if let Some(folder) = env::var_os(FOLDER) {
            builder = builder.out_dir(folder);
        }
        if let Ok(argument) = env::var(ARGUMENT) {
            builder = builder.protoc_arg(argument);
        }
        if let Ok(config) = env::var(CONFIG) {
            builder = builder.service_config(config);
        }
        let result = match env::var_os(INCLUDE) {
            Some(include) => builder.compile_protos(&call.split(',').collect::<Vec<_>>(), &[include]),
            None => builder.compile_descriptor_set(call),
        };
        if let Err(error) = result {
            println!("{error:?}");
        }
    }
    println!("end of script");
}

/// Runs the build script, and returns the lines that it printed for cargo, followed by its errors.
fn run(calls: &str, variables: &[(&str, &Path)]) -> Vec<String> {
    run_in(Path::new("."), calls, variables)
}

/// Runs the build script in the folder of a package, as cargo does.
fn run_in(package: &Path, calls: &str, variables: &[(&str, &Path)]) -> Vec<String> {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "script", "--nocapture"]).current_dir(package).env(CALLS, calls);
    for unset in ["OUT_DIR", "HOST", "PROTOC", "DOCS_RS"] {
        command.env_remove(unset);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().skip_while(|line| !line.ends_with("running 1 test")).skip(1);
    let lines = lines.skip_while(|line| line.is_empty() || line.starts_with("test script"));
    lines.take_while(|line| *line != "end of script").map(str::to_owned).collect()
}

const HOST: (&str, &str) = ("HOST", "x86_64-unknown-linux-gnu");

fn host() -> (&'static str, &'static Path) {
    (HOST.0, Path::new(HOST.1))
}

const RERUN: [&str; 3] = [
    "cargo::rerun-if-changed=tests/protos/common/v1/money.proto",
    "cargo::rerun-if-changed=tests/protos/rules.proto",
    "cargo::rerun-if-changed=tests/protos/user/v1/user.proto",
];

#[test]
fn cargo_is_told_of_every_file_and_variable_that_was_read() {
    let out = Folder::new();
    let protoc = protoc();
    let base = [host(), ("OUT_DIR", out.root()), (INCLUDE, Path::new(PROTOS))];
    for parser in [None, Some(("PROTOC", protoc.as_path()))] {
        let variables: Vec<_> = base.into_iter().chain(parser).collect();
        let lines = run("user/v1/user.proto", &variables);
        assert_eq!(lines[0], "cargo::rerun-if-env-changed=PROTOC");
        assert_eq!(lines[1..4], RERUN, "{parser:?}");
        let warning = "cargo::warning=tests/protos/user/v1/user.proto:";
        assert!(lines[4].starts_with(warning) && lines[4].ends_with("is not generated"), "{lines:?}");
    }
    assert_eq!(out.names(""), [".mod.rs.rgrpc", "mod.rs", "user.v1.rs"]);
}

#[test]
fn cargo_is_told_of_listed_folders() {
    let folder = Folder::with(&[("p/a.proto", "syntax = \"proto3\";\n"), ("p/b/c.proto", "syntax = \"proto3\";\n")]);
    let (out, include) = (folder.path("out"), folder.path("p"));
    let lines = run(include.to_str().unwrap(), &[host(), ("OUT_DIR", &out), (INCLUDE, &include)]);
    let shown: Vec<String> = lines.iter().map(|line| folder.hide(line)).collect();
    let files = ["<folder>/p", "<folder>/p/a.proto", "<folder>/p/b/c.proto"];
    let expected = files.map(|path| format!("cargo::rerun-if-changed={path}"));
    assert_eq!(shown[1..], expected);
    assert_eq!(folder.names("out"), [".mod.rs.rgrpc", "_.rs", "mod.rs"]);
}

#[test]
fn the_protoc_of_the_variable_is_run() {
    let out = Folder::new();
    let variables = [host(), ("OUT_DIR", out.root()), (INCLUDE, Path::new(PROTOS)), ("PROTOC", Path::new("/gone"))];
    assert!(run("rules.proto", &variables).iter().any(|line| line.starts_with("cannot run `/gone`: ")));
}

#[test]
fn warnings_reach_cargo() {
    let folder = Folder::with(&[
        ("p/a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\n"),
        ("p/b.proto", "syntax = \"proto3\";\n"),
    ]);
    let (out, include, protoc) = (folder.path("out"), folder.path("p"), protoc());
    let lines = run("a.proto", &[host(), ("OUT_DIR", &out), (INCLUDE, &include), ("PROTOC", &protoc)]);
    assert_eq!(folder.hide(lines.last().unwrap()), "cargo::warning=<folder>/p/a.proto:2:1: Import b.proto is unused");
}

#[test]
fn an_argument_for_protoc_without_protoc_is_a_warning() {
    let out = Folder::new();
    let variables = [host(), ("OUT_DIR", out.root()), (INCLUDE, Path::new(PROTOS)), (ARGUMENT, Path::new("--x"))];
    let lines = run("rules.proto", &variables);
    assert_eq!(
        lines[2..],
        [
            "cargo::warning=protoc_arg `--x` has no effect: rgrpc compiles the files itself",
            "cargo::warning=  help: remove it, or set PROTOC to the path of a protoc",
        ]
    );
}

#[test]
fn with_a_descriptor_set_cargo_is_told_of_no_other_file() {
    let folder = Folder::new();
    let set = folder.path("set.binpb");
    descriptor_set(&set);
    let lines = run(set.to_str().unwrap(), &[host(), ("OUT_DIR", &folder.path("out"))]);
    assert_eq!(lines, [format!("cargo::rerun-if-changed={}", set.display())]);
}

#[test]
fn cargo_is_told_of_a_service_config_and_of_fields_without_effect() {
    let folder = Folder::with(&[
        ("p/a.proto", "syntax = \"proto3\";\nmessage M {}\nservice S { rpc R(M) returns (M); }\n"),
        (
            "p/a.json",
            r#"{"methodConfig": [{"name": [{"service": "S"}], "timeOut": "1s"}], "healthCheckConfig": {"serviceName": ""}}"#,
        ),
    ]);
    let config = folder.path("p/a.json");
    let variables = [host(), ("OUT_DIR", &*folder.path("out")), (INCLUDE, &*folder.path("p")), (CONFIG, &*config)];
    let lines: Vec<_> = run("a.proto", &variables).iter().map(|line| folder.hide(line)).collect();
    assert_eq!(
        lines,
        [
            "cargo::rerun-if-env-changed=PROTOC",
            "cargo::rerun-if-changed=<folder>/p/a.proto",
            "cargo::rerun-if-changed=<folder>/p/a.json",
            "cargo::warning=<folder>/p/a.json:1:48: .methodConfig[0].timeOut: unknown field, ignored; did you mean `timeout`?",
            "cargo::warning=<folder>/p/a.json: `healthCheckConfig` has no effect: a generated client uses the channel that it is given",
            "cargo::warning=  help: pass the constant SERVICE_CONFIG to the channel's target",
        ]
    );
}

#[test]
fn cargo_is_told_of_files_with_errors() {
    let folder = Folder::with(&[
        ("p/a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\n"),
        ("p/b.proto", "syntax = \"proto3\";\nmessage {}\n"),
    ]);
    let lines = run("a.proto", &[host(), ("OUT_DIR", &folder.path("out")), (INCLUDE, &folder.path("p"))]);
    let lines: Vec<_> = lines.iter().map(|line| folder.hide(line)).collect();
    assert_eq!(
        lines[..4],
        [
            "cargo::rerun-if-env-changed=PROTOC",
            "cargo::rerun-if-changed=<folder>/p/a.proto",
            "cargo::rerun-if-changed=<folder>/p/b.proto",
            "1 error",
        ]
    );
    assert!(lines[4].starts_with("<folder>/p/b.proto:2:9: "), "{lines:?}");
}

#[test]
fn nothing_is_printed_outside_of_a_build_script() {
    let out = Folder::new();
    assert_eq!(run("rules.proto", &[("OUT_DIR", out.root()), (INCLUDE, Path::new(PROTOS))]), [""; 0]);
    assert!(out.path("rules.rs").is_file());
}

#[test]
fn the_output_folder_must_be_set() {
    let lines = run("rules.proto", &[host(), (INCLUDE, Path::new(PROTOS))]);
    assert_eq!(
        lines,
        [
            "1 error",
            "the output folder is not set",
            "  help: set it with `--out <DIR>`, with `out` in rgrpc.toml, or with `out_dir`; in a build script, OUT_DIR is the default",
        ]
    );
}

#[test]
fn only_the_output_of_removed_packages_is_deleted() {
    let out = Folder::new();
    let variables = [host(), ("OUT_DIR", out.root()), (INCLUDE, Path::new(PROTOS))];
    run("rules.proto,user/v1/user.proto", &variables);
    out.write("by_hand.rs", "// mine");
    out.write("user.v2.rs", "// @generated by rgrpc 0.1.0 from elsewhere. Do not edit.\n");
    assert!(out.path("user.v1.rs").is_file());
    run("rules.proto", &variables);
    assert_eq!(out.names(""), [".mod.rs.rgrpc", "by_hand.rs", "mod.rs", "rules.rs", "user.v2.rs"]);

    // The manifest lists it, but it has been replaced by hand.
    run("rules.proto,user/v1/user.proto", &variables);
    out.write("user.v1.rs", "// mine now");
    run("rules.proto", &variables);
    assert!(out.path("user.v1.rs").is_file());
}

/// cargo does not empty the folder when a project moves from one generator to another.
#[test]
fn foreign_files_in_out_dir_are_overwritten_with_a_warning() {
    let out = Folder::with(&[("rules.rs", "// This file is @generated by prost-build.\n")]);
    let variables = [host(), ("OUT_DIR", out.root()), (INCLUDE, Path::new(PROTOS))];
    let lines: Vec<_> = run("rules.proto", &variables).iter().map(|line| out.hide(line)).collect();
    assert_eq!(
        lines[2..],
        [
            "cargo::warning=overwriting `<folder>/rules.rs`, which rgrpc did not generate, because it is in OUT_DIR",
            "cargo::warning=  help: if this warning comes back, another generator in the build script writes the same file: \
             rename one of the two",
        ]
    );
    let lines = run("rules.proto", &variables);
    assert!(lines.iter().all(|line| line.starts_with("cargo::rerun-if-")), "{lines:?}");
}

#[test]
fn foreign_files_outside_of_out_dir_are_not_overwritten() {
    let folder = Folder::with(&[("generated/rules.rs", "// mine\n")]);
    let (out, generated) = (folder.path("out"), folder.path("generated"));
    let variables = [host(), ("OUT_DIR", &*out), (INCLUDE, Path::new(PROTOS)), (FOLDER, &generated)];
    let lines: Vec<_> = run("rules.proto", &variables).iter().map(|line| folder.hide(line)).collect();
    assert!(
        lines
            .contains(&"`<folder>/generated/rules.rs` was not generated by rgrpc, so it is not overwritten".to_owned())
    );
    assert_eq!(folder.texts("generated"), [("rules.rs".to_owned(), "// mine\n".to_owned())].into());
}

#[test]
fn a_package_may_move_from_one_call_to_another_between_builds() {
    let out = Folder::new();
    let variables = [host(), ("OUT_DIR", out.root()), (INCLUDE, Path::new(PROTOS))];
    run("rules.proto,common/v1/money.proto;user/v1/user.proto", &variables);
    for calls in
        ["rules.proto;common/v1/money.proto,user/v1/user.proto", "rules.proto,user/v1/user.proto;common/v1/money.proto"]
    {
        let lines = run(calls, &variables);
        assert!(lines.iter().all(|line| line.starts_with("cargo::")), "{lines:?}");
        for name in ["rules.rs", "common.v1.rs", "user.v1.rs", "mod.rs", "mod1.rs"] {
            assert!(out.path(name).is_file(), "{calls}: {name}");
        }
    }
}

#[test]
fn docs_rs_compares_the_source_tree_and_writes_out_dir() {
    let folder = Folder::new();
    let (generated, out) = (folder.path("generated"), folder.path("out"));
    let docs_rs = ("DOCS_RS", Path::new("1"));
    let include = (INCLUDE, Path::new(PROTOS));
    let in_tree = [host(), ("OUT_DIR", &out), include, (FOLDER, &generated)];
    let in_tree_on_docs_rs = [in_tree[0], in_tree[1], in_tree[2], in_tree[3], docs_rs];

    let lines = run("rules.proto", &in_tree_on_docs_rs);
    assert!(lines.contains(&"cargo::rerun-if-env-changed=DOCS_RS".to_owned()), "{lines:?}");
    let refused = format!(
        "`{}` is out of date, and a build on docs.rs can only write to OUT_DIR",
        generated.join("rules.rs").display()
    );
    assert!(lines.contains(&refused), "{lines:?}");
    assert!(!generated.exists());

    run("rules.proto", &in_tree);
    std::fs::remove_file(generated.join(".mod.rs.rgrpc")).unwrap();
    let lines = run("rules.proto", &in_tree_on_docs_rs);
    assert!(lines.iter().all(|line| line.starts_with("cargo::")), "{lines:?}");
    assert_eq!(folder.names("generated"), ["mod.rs", "rules.rs"]);

    run("rules.proto", &[host(), ("OUT_DIR", &out), include, docs_rs]);
    assert_eq!(folder.names("out"), [".mod.rs.rgrpc", "mod.rs", "rules.rs"]);
}

#[test]
fn a_package_of_a_workspace_may_read_protos_beside_it_and_write_into_its_own_sources() {
    let folder = Folder::with(&[
        ("proto/a.proto", "syntax = \"proto3\";\npackage a;\nimport \"b.proto\";\nmessage A { b.B b = 1; }\n"),
        ("proto/b.proto", "syntax = \"proto3\";\npackage b;\nmessage B {}\n"),
        ("crates/member/src/lib.rs", ""),
    ]);
    let out = folder.path("target/out");
    let variables = [host(), ("OUT_DIR", &*out), (INCLUDE, Path::new("../../proto")), (FOLDER, Path::new("src/pb"))];
    let lines = run_in(&folder.path("crates/member"), "../../proto/a.proto,../../proto/b.proto", &variables);
    assert_eq!(
        lines,
        [
            "cargo::rerun-if-env-changed=PROTOC",
            "cargo::rerun-if-changed=../../proto/a.proto",
            "cargo::rerun-if-changed=../../proto/b.proto",
            "cargo::rerun-if-env-changed=DOCS_RS",
        ]
    );
    assert_eq!(folder.names("crates/member/src/pb"), [".mod.rs.rgrpc", "a.rs", "b.rs", "mod.rs"]);
    assert!(!out.exists());
}

#[test]
fn the_output_does_not_depend_on_the_target_and_the_profile() {
    let folder = Folder::new();
    let generate = |name: &str, variables: &[(&str, &str)]| {
        let out = folder.path(name);
        let cargo = [host(), ("OUT_DIR", &*out), (INCLUDE, Path::new(PROTOS))];
        let variables: Vec<_> = cargo.into_iter().chain(variables.iter().map(|(k, v)| (*k, Path::new(*v)))).collect();
        (run("rules.proto,user/v1/user.proto", &variables), folder.files(name))
    };
    let native = generate("native", &[("TARGET", HOST.1), ("PROFILE", "debug")]);
    let windows = [("TARGET", "x86_64-pc-windows-msvc"), ("CARGO_CFG_WINDOWS", ""), ("CARGO_CFG_TARGET_OS", "windows")];
    let wasm = [("TARGET", "wasm32-unknown-unknown"), ("CARGO_CFG_TARGET_POINTER_WIDTH", "32"), ("PROFILE", "release")];
    assert_eq!(generate("windows", &windows), native);
    assert_eq!(generate("wasm", &wasm), native);
    assert_eq!(native.1.len(), 4);
}

/// The proxy cannot be reached, the home folder has no caches, and no program is on the path.
#[cfg(unix)]
#[test]
fn no_network_cache_or_program_is_needed() {
    let out = Folder::new();
    let nowhere = Path::new("http://127.0.0.1:9");
    let gone = Path::new("/gone");
    let variables = [
        host(),
        ("OUT_DIR", out.root()),
        (INCLUDE, Path::new(PROTOS)),
        ("https_proxy", nowhere),
        ("HOME", gone),
        ("PATH", gone),
    ];
    let lines = run("rules.proto,common/v1/money.proto,user/v1/user.proto", &variables);
    assert!(lines.iter().all(|line| line.starts_with("cargo::rerun-if-")), "{lines:?}");
    assert!(out.path("user.v1.rs").is_file());
}

#[test]
fn one_build_script_may_make_several_calls() {
    let folder = Folder::new();
    let variables = [host(), ("OUT_DIR", folder.root()), (INCLUDE, Path::new(PROTOS))];
    let lines = run("rules.proto;user/v1/user.proto;common/v1/money.proto", &variables);
    assert!(lines.iter().all(|line| line.starts_with("cargo::")), "{lines:?}");
    let trees: Vec<String> = folder.names("").into_iter().filter(|name| name.starts_with("mod")).collect();
    assert_eq!(trees, ["mod.rs", "mod1.rs", "mod2.rs"]);

    // Two calls may generate the same file, as long as it has the same contents.
    let lines = run("rules.proto;rules.proto,user/v1/user.proto", &variables);
    assert!(lines.iter().all(|line| line.starts_with("cargo::")), "{lines:?}");
}
