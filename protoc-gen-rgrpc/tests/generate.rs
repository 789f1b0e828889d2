//! The files, the output and the exit status of `generate`.

mod common;

use common::{Project, USER};

#[test]
fn files_are_written_and_reported_without_protoc() {
    let project = Project::with(&[("proto/user.proto", USER)]);
    let run = project.run("generate -I proto --out src/pb proto/user.proto");
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", "wrote 2 files\n"));
    assert_eq!(project.names("src/pb"), [".mod.rs.rgrpc", "mod.rs", "user.rs"]);
    assert!(project.read("src/pb/user.rs").contains("pub mod users_client {"));
}

#[test]
fn files_may_be_given_by_import_name_or_path() {
    let project = Project::with(&[("proto/user.proto", USER)]);
    for (out, arguments) in
        [("a", "-Iproto user.proto"), ("b", "-I proto -I . proto/user.proto"), ("c", "proto/user.proto")]
    {
        let run = project.run(&format!("generate --out {out} {arguments}"));
        assert_eq!((run.code, &*run.stderr), (0, "wrote 2 files\n"), "{arguments}");
    }
}

#[test]
fn options_reach_the_generator() {
    let project = Project::with(&[("user.proto", USER)]);
    let run = project.run(
        "generate --out out --opt build_server=false --opt enable_type_names --opt rename=.user.Users=People user.proto",
    );
    assert_eq!((run.code, &*run.stderr), (0, "wrote 2 files\n"));
    let code = project.read("out/user.rs");
    assert!(code.contains("pub mod people_client {") && !code.contains("people_server"));
}

#[test]
fn warnings_go_to_standard_error_and_do_not_change_the_exit_status() {
    let shop = "syntax = \"proto3\";\nimport \"user.proto\";\nmessage Shop {\n  user.User owner = 1;\n}\n";
    let project = Project::with(&[("user.proto", USER), ("shop.proto", shop)]);
    let warning =
        "warning: shop.proto:4:13: `user.User` is used here, but its file `user.proto` is not generated\n  help: ";
    for command in ["generate", "check"] {
        let run = project.run(&format!("{command} --out out shop.proto"));
        assert_eq!((run.code, &*run.stdout), (0, ""), "{command}");
        assert!(run.stderr.starts_with(warning), "{}", run.stderr);
    }
}

#[test]
fn after_an_error_it_exits_with_2_and_nothing_is_written() {
    for (arguments, expected) in [
        (
            "user.proto --opt build_cleint=false",
            "1 error\nunknown option `build_cleint`\n  help: did you mean `build_client`?\n",
        ),
        ("user.proto --opt build_client=no --opt build_server=no", "2 errors\ninvalid option `build_client=no`: "),
        ("gone.proto", "1 error\n`gone.proto` does not exist\n  help: searched the current folder\n"),
        ("usr.proto", "1 error\n`usr.proto` does not exist\n  help: did you mean `user.proto`?\n"),
        ("user.prot", "1 error\n`user.prot` does not exist\n  help: did you mean `user.proto`?\n"),
        ("user", "1 error\n`user` does not exist\n  help: did you mean `user.proto`?\n"),
        ("foldr/a.proto", "1 error\n`foldr/a.proto` does not exist\n  help: did you mean `folder/a.proto`?\n"),
        ("-I foldr a.proto", "1 error\ninclude folder `foldr` does not exist\n  help: did you mean `folder`?\n"),
        (
            "import.proto",
            "1 error\nimport.proto:2:8: imported file `folder/nam.proto` does not exist\n  help: did you mean `folder/name.proto`?\n",
        ),
        (
            "empty",
            "1 error\nthere are no .proto files in `empty` or below it\n  help: name the folder that contains them\n",
        ),
        ("-", "1 error\n`-` is not a file\n  help: to read a descriptor set from standard input, name `/dev/stdin`; "),
        ("", "1 error\nno files to generate\n  help: name .proto files or folders, or set `inputs` in rgrpc.toml\n"),
        ("gone", "1 error\n`gone` does not exist\n  help: searched the current folder\n"),
        ("gone.binpb", "1 error\n`gone.binpb` does not exist\n"),
        (
            "text.binpb",
            "1 error\n`text.binpb`: not a serialized FileDescriptorSet\n  help: name a file that ends in `.proto`, or a descriptor set that `protoc ",
        ),
        (
            "user.proto --opt unknown_fields=.user.Usr",
            "1 error\nunknown_fields `.user.Usr` matches no message that is generated\n  help: did you mean `.user.User`?\n",
        ),
        ("bad.proto", "1 error\nbad.proto:3:3: `Nope` is not defined\n"),
        ("-I gone user.proto", "1 error\ninclude folder `gone` does not exist\n"),
    ] {
        let project = Project::with(&[
            ("user.proto", USER),
            ("folder/a.proto", ""),
            ("folder/name.proto", ""),
            ("import.proto", "syntax = \"proto3\";\nimport \"folder/nam.proto\";\n"),
            ("empty/folder/a.txt", ""),
            ("text.binpb", "syntax"),
            ("bad.proto", "syntax = \"proto3\";\nmessage A {\n  Nope nope = 1;\n}\n"),
        ]);
        let run = project.run(&format!("generate --out out {arguments}"));
        assert_eq!(run.code, 2, "{arguments}: {}", run.stderr);
        let expected = format!("protoc-gen-rgrpc: {expected}");
        assert!(run.stderr.starts_with(&expected), "{}\nshould start with\n{expected}", run.stderr);
        assert_eq!((&*run.stdout, project.names("out").len()), ("", 0));
    }
}
