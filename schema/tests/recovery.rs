//! Each mistake in a file is reported once, and the rest of the file is parsed.

use rgrpc_schema::parse;

/// Checks the errors of a text of proto3, without its first line and without help.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let parsed = parse("a.proto", format!("syntax = \"proto3\";\n{text}").as_bytes());
    let errors: Vec<_> = parsed.errors.iter().map(ToString::to_string).collect();
    let errors: Vec<_> =
        errors.iter().map(|error| error.lines().next().unwrap().trim_start_matches("a.proto:")).collect();
    assert_eq!(errors, expected);
}

#[test]
fn each_statement_has_its_own_mistakes() {
    check(
        "package a;\npackage b;\nmessage M {\n  int32 a;\n  string b = 2 [deprecated];\n  strin c 3;\n}\nservice S {\n  rpc A(M) M;\n}\nmesage N {}",
        &[
            "3:1: a file has only one `package` statement",
            "5:10: expected `=` and the field's number, found `;`",
            "6:27: expected `=`, found `]`",
            "7:11: expected `=` and the field's number, found `3`",
            "10:12: expected `returns`, found `M`",
            "12:1: expected a statement, such as `message`, found `mesage`",
        ],
    );
}

#[test]
fn after_a_missing_semicolon_the_next_line_is_a_statement() {
    check(
        "import \"a\"\nimport \"b\";\nmessage M {\n  int32 a = 1\n  int32 b;\n}",
        &[
            "3:1: expected `;`, found `import`",
            "6:3: expected `;`, found `int32`",
            "6:10: expected `=` and the field's number, found `;`",
        ],
    );
}

#[test]
fn a_string_that_is_not_closed_ends_with_its_line() {
    check(
        "option java_package = \"a;\nimport \"b;\nmessage M {\n  int32 a;\n}",
        &[
            "2:26: the string is not closed on its line",
            "3:11: the string is not closed on its line",
            "5:10: expected `=` and the field's number, found `;`",
        ],
    );
    check(
        "option a = 1 2 \"a\n\"b\n\"c",
        &[
            "2:14: expected `;`, found `2`",
            "2:18: the string is not closed on its line",
            "3:3: the string is not closed on its line",
            "4:3: the string is not closed",
        ],
    );
}

#[test]
fn a_block_in_the_middle_of_a_statement_does_not_end_it() {
    check(
        "message M { int32 a = 1 [default = {a: {}}]; int32 b; }",
        &["2:36: expected an integer, found `{`", "2:53: expected `=` and the field's number, found `;`"],
    );
}

#[test]
fn a_body_that_is_not_closed_is_one_mistake() {
    check("message M { message N { oneof o {", &["2:34: the body of `o` is not closed: expected `}`"]);
    check("service S { rpc A(M) returns (M) { option", &["2:42: expected an option's name, found the end of the file"]);
}

#[test]
fn imports_are_found_in_a_broken_file() {
    let parsed = parse(
        "a.proto",
        b"syntax = \"proto9\";\nimport \"a.proto\"\nmessage {\nimport public \"b.proto\";}\nimport 'c.proto';",
    );
    let imports: Vec<_> = parsed.file.imports.iter().map(|import| &*import.path.value).collect();
    assert_eq!(imports, ["a.proto", "c.proto"]);
}
