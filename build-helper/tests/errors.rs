//! The texts of errors, each of which says what is wrong, where, and what to do about it.

mod common;

use rgrpc_build::{Builder, configure};

use common::{Folder, protoc};

/// Compiles `files` in a new folder, and returns the error. Nothing must be written.
fn error(files: &[(&str, &str)], protos: &[&str], includes: &[&str], builder: Builder) -> String {
    let folder = Folder::with(files);
    let protos: Vec<_> = protos.iter().map(|name| folder.path(name)).collect();
    let includes: Vec<_> = includes.iter().map(|name| folder.path(name)).collect();
    let error = builder.out_dir(folder.path("out")).compile_protos(&protos, &includes).unwrap_err();
    assert!(!folder.path("out").exists(), "{error}");
    for diagnostic in error.diagnostics() {
        assert!(error.to_string().contains(&diagnostic.to_string()), "{error}");
    }
    folder.hide(&error.to_string())
}

const GOOD: (&str, &str) = ("p/good.proto", "syntax = \"proto3\";\npackage good;\nmessage Good {}\n");

#[test]
fn errors_about_paths_name_them() {
    for (protos, includes, expected) in [
        (
            &[][..],
            &["p"][..],
            "1 error\nno files to generate\n  help: name .proto files or folders, or set `inputs` in rgrpc.toml",
        ),
        (
            &["p/good.proto"],
            &["q"],
            "1 error\ninclude folder `<folder>/q` does not exist\n  help: include folders are the folders that imports are relative to",
        ),
        (
            &["p/good.proto"],
            &["p/good.proto"],
            "1 error\ninclude folder `<folder>/p/good.proto` is not a folder\n  help: include folders are the folders that imports are relative to",
        ),
        (
            &["p/a.proto", "p/b.proto"],
            &["p"],
            "2 errors\n`<folder>/p/a.proto` does not exist\n  help: searched the current folder and `<folder>/p`\n`<folder>/p/b.proto` does not exist\n  help: searched the current folder and `<folder>/p`",
        ),
        (
            &["empty"],
            &["empty"],
            "1 error\nthere are no .proto files in `<folder>/empty` or below it\n  help: name the folder that contains them",
        ),
        (
            &["p/good.proto"],
            &["other"],
            "1 error\n`<folder>/p/good.proto` is in none of the include folders\n  help: they are `<folder>/other`; add the folder that imports of the file are relative to",
        ),
        (
            &["p/good.proto"],
            &["shadow", "p"],
            "1 error\n`<folder>/p/good.proto` is shadowed by `<folder>/shadow/good.proto`: both are imported as `good.proto`\n  help: list the other file, or change the order of the include folders",
        ),
    ] {
        let files = [GOOD, ("other/x.proto", ""), ("shadow/good.proto", ""), ("empty/a.txt", "")];
        assert_eq!(error(&files, protos, includes, configure()), expected);
    }
}

#[test]
fn wrong_options_are_reported_together() {
    let builder = configure().option("cleint", "false").option("build_server", "maybe").extern_path(".a", "b c");
    let text = error(&[GOOD], &["p/good.proto"], &["p"], builder);
    assert!(text.starts_with("3 errors\n"), "{text}");
    for part in
        ["unknown option `cleint`", "invalid option `build_server=maybe`", "invalid option `extern_path=.a=b c`"]
    {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn errors_in_a_file_have_a_line_and_a_column() {
    let import = "syntax = \"proto3\";\nimport \"gone/x.proto\";\n";
    for (text, builtin, protoc_says) in [
        (
            "syntax = \"proto3\";\nmessage A {\n  string = 1;\n}\n",
            "1 error\n<folder>/p/bad.proto:3:10: expected the field's name, found `=`",
            "1 error\n<folder>/p/bad.proto:3:10: Expected field name",
        ),
        (
            "syntax = \"proto3\";\nmessage A { Nope n = 1; }\nmessage B { Gone g = 1; }\n",
            "2 errors\n<folder>/p/bad.proto:2:13: `Nope` is not defined\n<folder>/p/bad.proto:3:13: `Gone` is not defined",
            "2 errors\n<folder>/p/bad.proto:2:13: \"Nope\" is not defined\n<folder>/p/bad.proto:3:13: \"Gone\" is not defined",
        ),
        (
            import,
            "1 error\n<folder>/p/bad.proto:2:8: imported file `gone/x.proto` does not exist\n  help: searched `<folder>/p`",
            "2 errors\ngone/x.proto: File not found.\n<folder>/p/bad.proto:2:1: Import \"gone/x.proto\" was not found or had errors",
        ),
    ] {
        let files = [("p/bad.proto", text)];
        assert_eq!(error(&files, &["p/bad.proto"], &["p"], configure()), builtin);
        assert_eq!(error(&files, &["p/bad.proto"], &["p"], configure().protoc(protoc())), protoc_says);
    }
}

#[test]
fn the_help_names_the_file_that_declares_an_undeclared_name() {
    let money = ("q/common/money.proto", "syntax = \"proto3\";\npackage common;\nmessage Money {}\n");
    let broken = ("q/other.proto", "syntax = \"proto3\";\nmessage {}\n");
    let user = |text: &str| {
        let text = format!("syntax = \"proto3\";\npackage user;\nmessage User {{\n  {text}\n}}\n");
        error(&[("p/user.proto", &text), money, broken], &["p/user.proto"], &["p", "q"], configure())
    };
    assert_eq!(
        user("common.Money paid = 1;"),
        "1 error\n<folder>/p/user.proto:4:3: `common.Money` is declared in \"common/money.proto\", which is not imported\n  \
         help: add `import \"common/money.proto\";`"
    );
    assert_eq!(user("Nowhere paid = 1;"), "1 error\n<folder>/p/user.proto:4:3: `Nowhere` is not defined");
}

/// As a build script prints it.
#[test]
fn the_debug_text_shows_the_source_line() {
    let text = "syntax = \"proto3\";\nmessage A {\n\tNope nope = 1;\n}\n";
    let folder = Folder::with(&[("p/bad.proto", text)]);
    for builder in [configure(), configure().protoc(protoc())] {
        let error =
            builder.out_dir(folder.path("out")).compile_protos(&["bad.proto"], &[folder.path("p")]).unwrap_err();
        let shown = folder.hide(&format!("{error:?}"));
        assert!(shown.starts_with("1 error\n<folder>/p/bad.proto:3:"), "{shown}");
        assert!(shown.contains("\n    3 | \tNope nope = 1;\n      | \t^^^^"), "{shown}");
        assert!(!error.to_string().contains('|'), "{error}");
    }
}

#[test]
fn errors_about_a_protoc_that_does_not_run_name_it() {
    let text = error(&[GOOD], &["p/good.proto"], &["p"], configure().protoc("/gone/protoc"));
    assert!(text.starts_with("1 error\ncannot run `/gone/protoc`: "), "{text}");
    assert!(text.contains("help: set PROTOC to the path of a protoc"), "{text}");
    let text = error(&[GOOD], &["p/good.proto"], &["p"], configure().protoc(protoc()).protoc_arg("--nonsense"));
    assert!(text.contains("--nonsense"), "{text}");
}

#[test]
fn errors_of_the_generator_are_reported() {
    let service = "syntax = \"proto3\";\npackage p;\nmessage A {}\nservice S {\n  rpc Get(A) returns (A);\n}\n";
    let builder = configure().extern_path(".nothing", "::nothing");
    let text = error(&[("p/s.proto", service)], &["p/s.proto"], &["p"], builder);
    assert!(text.contains("extern_path `.nothing=::nothing` matches no package and no type"), "{text}");
}

#[test]
fn something_else_than_a_descriptor_set_is_rejected() {
    let folder = Folder::new();
    for (name, content, expected) in [
        ("gone", None, "1 error\ncannot read `<folder>/gone`: "),
        ("text", Some("syntax = \"proto3\";"), "1 error\n`<folder>/text`: not a serialized FileDescriptorSet"),
        ("empty", Some(""), "1 error\n`<folder>/empty` is an empty descriptor set"),
    ] {
        let path = folder.path(name);
        content.map(|content| folder.write(name, content));
        let error = configure().out_dir(folder.path("out")).compile_descriptor_set(path).unwrap_err().to_string();
        let text = folder.hide(&error);
        assert!(text.starts_with(expected), "{text}");
        assert!(text.contains(", or a descriptor set that `protoc --include_imports"), "{text}");
    }
}

#[test]
fn a_descriptor_set_must_contain_its_imports() {
    let folder = Folder::new();
    let set = folder.path("set.binpb");
    let mut command = std::process::Command::new(protoc());
    command.args(["-I", common::PROTOS, "user/v1/user.proto", "-o"]).arg(&set);
    assert!(command.status().unwrap().success());
    let error = configure().out_dir(folder.path("out")).compile_descriptor_set(&set).unwrap_err().to_string();
    assert!(error.contains("`common/v1/money.proto`"), "{error}");
    assert!(!folder.path("out").exists());
}
