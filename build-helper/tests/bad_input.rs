//! Malformed and oversized files lead to an error with a position, and never to a panic or a hang.

mod common;

use std::fs::File;

use rgrpc_build::configure;

use common::{Folder, protoc};

/// Compiles `p/a.proto`, and returns the errors without their count.
fn errors(folder: &Folder) -> String {
    let builder = configure().out_dir(folder.path("out"));
    let error = builder.compile_protos(&["a.proto"], &[folder.path("p")]).unwrap_err();
    assert!(!folder.path("out").exists(), "{error}");
    let text = folder.hide(&error.to_string());
    text.split_once('\n').unwrap().1.to_owned()
}

#[test]
fn errors_in_malformed_text_have_a_position() {
    for (name, bytes, expected) in [
        ("not UTF-8", &b"syntax = \"proto3\";\nmessage \xe9 {}\n"[..], "<folder>/p/a.proto:2:9: "),
        ("UTF-16", b"\xff\xfes\0y\0n\0", "<folder>/p/a.proto:1:1: "),
        ("a NUL", b"syntax = \"proto3\";\nmessage A {\0}\n", "<folder>/p/a.proto:2:12: "),
        ("an open comment", b"syntax = \"proto3\";\n/* open", "<folder>/p/a.proto:2:"),
        ("an open string", b"syntax = \"proto3\";\nimport \"open;\n", "<folder>/p/a.proto:2:"),
        ("no declarations", b"\x7fELF", "<folder>/p/a.proto:1:"),
    ] {
        let folder = Folder::new();
        folder.write("p/a.proto", bytes);
        let errors = errors(&folder);
        assert!(errors.starts_with(expected), "{name}: {errors}");
    }
}

#[test]
fn a_byte_order_mark_and_bytes_in_comments_are_read_as_protoc_reads_them() {
    for bytes in [
        &b"\xef\xbb\xbfsyntax = \"proto3\";\npackage a;\nmessage A {}\n"[..],
        b"syntax = \"proto3\";\npackage a;\n// Gr\xf6sse.\nmessage A {}\n",
    ] {
        let folder = Folder::new();
        folder.write("p/a.proto", bytes);
        for (name, builder) in [("own", configure()), ("protoc", configure().protoc(protoc()))] {
            builder.out_dir(folder.path(name)).compile_protos(&["a.proto"], &[folder.path("p")]).unwrap();
        }
        assert_eq!(folder.texts("own"), folder.texts("protoc"));
        let documented = folder.texts("own")["a.rs"].contains("/// Gr\u{fffd}sse.");
        assert_eq!(documented, bytes.contains(&0xf6));
    }
}

#[test]
fn nesting_deeper_than_the_limit_of_protoc_is_rejected() {
    let deep = "{".repeat(100_000);
    for text in [
        format!("syntax = \"proto3\";\nmessage A {deep}"),
        format!("syntax = \"proto3\";\n{deep}"),
        format!("syntax = \"proto3\";\noption (a) = {deep}"),
        format!("syntax = \"proto3\";\n{}", "message A {".repeat(100_000)),
        format!("syntax = \"proto3\";\nmessage A {{ reserved {}", "[".repeat(100_000)),
    ] {
        let folder = Folder::with(&[("p/a.proto", &text)]);
        let errors = errors(&folder);
        assert!(errors.starts_with("<folder>/p/a.proto:2:"), "{}", &errors[..errors.len().min(300)]);
        assert!(errors.len() < 1_000_000);
    }
}

#[test]
fn a_file_of_a_gigabyte_is_rejected_before_it_is_read() {
    let folder = Folder::with(&[("p/a.proto", "")]);
    File::create(folder.path("p/a.proto")).unwrap().set_len(1 << 30).unwrap();
    assert_eq!(
        errors(&folder),
        "`<folder>/p/a.proto` is too large: it has 1073741824 bytes, and the limit is 268435456\n  \
         help: split the file, or generate from a descriptor set"
    );
}

#[test]
fn an_import_of_something_else_than_a_file_is_an_error_at_the_import() {
    let a = "syntax = \"proto3\";\nimport \"b.proto\";\n";
    for (name, import, expected) in [
        ("nothing", "b.proto", "imported file `b.proto` does not exist\n  help: searched `<folder>/p`"),
        ("dots", "./b.proto", "`./b.proto` is not a valid import\n  help: import `b.proto`"),
        ("backslash", "c\\\\b.proto", "`c\\b.proto` is not a valid import\n  help: import `c/b.proto`"),
        ("up", "../b.proto", "imported file `../b.proto` is outside of the include folders"),
    ] {
        let folder = Folder::with(&[("p/a.proto", &a.replace("b.proto", import))]);
        let errors = errors(&folder);
        assert!(errors.starts_with(&format!("<folder>/p/a.proto:2:8: {expected}")), "{name}: {errors}");
    }
    let folder = Folder::with(&[("p/a.proto", a), ("p/b.proto/c.proto", "")]);
    assert_eq!(
        errors(&folder),
        "<folder>/p/a.proto:2:8: `<folder>/p/b.proto` is a folder\n  help: import the .proto files in it instead"
    );
}

/// Nothing ever writes to the pipe, so that reading it would block.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_is_rejected_without_reading_it() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    let pipe = |folder: &Folder, name: &str| {
        mknodat(CWD, folder.path(name), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    };
    let folder = Folder::with(&[("p/a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\n")]);
    pipe(&folder, "p/b.proto");
    let expected = "`<folder>/p/b.proto` is not a regular file\n  help: copy its contents to a regular file";
    assert_eq!(errors(&folder), format!("<folder>/p/a.proto:2:8: {expected}"));

    let listed = configure().out_dir(folder.path("out"));
    let error = listed.compile_protos(&[folder.path("p/b.proto")], &[folder.path("p")]).unwrap_err();
    assert_eq!(folder.hide(&error.to_string()), format!("1 error\n{expected}"));
}

/// Reading this file fails for every user, including root.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_is_an_error_at_its_import() {
    let folder = Folder::with(&[("p/a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\n")]);
    std::os::unix::fs::symlink("/proc/self/mem", folder.path("p/b.proto")).unwrap();
    let errors = errors(&folder);
    assert!(errors.starts_with("<folder>/p/a.proto:2:8: cannot read `<folder>/p/b.proto`: "), "{errors}");
}

#[test]
fn files_that_import_themselves_are_rejected() {
    let importing = |import: &str| format!("syntax = \"proto3\";\nimport \"{import}\";\n");
    let (own, b, c) = (importing("a.proto"), importing("b.proto"), importing("c.proto"));
    for files in [&[("p/a.proto", &*own)][..], &[("p/a.proto", &b), ("p/b.proto", &c), ("p/c.proto", &b)]] {
        let errors = errors(&Folder::with(files));
        assert!(errors.contains(".proto:2:8: ") && errors.contains("imports itself"), "{errors}");
    }
}

#[test]
fn a_long_chain_of_imports_does_not_overflow_the_stack() {
    let folder = Folder::new();
    let name = |number: usize| if number == 0 { "a.proto".to_owned() } else { format!("a{number}.proto") };
    for number in 0..3000 {
        let text = format!("syntax = \"proto3\";\nimport public \"{}\";\nmessage A{number} {{}}\n", name(number + 1));
        folder.write(&format!("p/{}", name(number)), text);
    }
    folder.write(&format!("p/{}", name(3000)), "syntax = \"proto3\";\n");
    configure().out_dir(folder.path("out")).compile_protos(&["a.proto"], &[folder.path("p")]).unwrap();
}

#[test]
fn every_mistake_of_several_files_is_reported() {
    let folder = Folder::with(&[
        (
            "p/a.proto",
            "syntax = \"proto3\";\nimport \"b.proto\";\nimport \"c.proto\";\nimport \"gone.proto\";\nmessage A { Nope n = 1; B b = 2; }\n",
        ),
        ("p/b.proto", "syntax = \"proto3\";\nmessage B { int32 x = ; }\nmessage { }\n"),
        ("p/c.proto", "syntax = \"proto3\";\nmessage C { int32 x = 1; int32 y = 1; Nope z = 3; }\n"),
    ]);
    let errors = errors(&folder);
    for place in ["a.proto:4:8: ", "b.proto:2:23: ", "b.proto:3:9: ", "c.proto:2:"] {
        assert!(errors.contains(&format!("<folder>/p/{place}")), "{place} in {errors}");
    }
}
