//! The full name that is proposed for a relative type name in a descriptor is the one that protoc would resolve it to.
//!
//! `link` is the judge: `tests/linked` compares it with protoc.

use rgrpc_schema::file::{File, Kind};
use rgrpc_schema::{DescriptorSet, Input, Retention, Schema, SourceInfo, encode, link, parse};

/// Checks the name that the type of the field `x` of the message `M` stands for; it is the last field of `M`, which is in the first file.
#[track_caller]
fn check(texts: &[&str], expected: Option<&str>) {
    let names = ["a.proto", "b.proto", "c.proto"];
    let files: Vec<File> = names.iter().zip(texts).map(|(name, text)| parse(name, text.as_bytes()).file).collect();
    assert_eq!(resolved(&files).as_deref(), expected, "the judge: {texts:?}");
    assert_eq!(proposed(&files).as_deref(), expected, "{texts:?}");
}

/// Returns the type of `x` once the files are linked, if they can be.
fn resolved(files: &[File]) -> Option<String> {
    let linked = link(files.iter().cloned().map(Input::Named).collect(), Retention::Strip).ok()?;
    let file = linked.files.iter().find(|file| file.name == "a.proto")?;
    let message = file.messages.iter().find(|message| message.name.value == "M")?;
    message.fields.last()?.type_name.as_ref().map(|name| name.value.clone())
}

/// Returns the name that is proposed where the descriptor has the type of `x` as the text has it.
fn proposed(files: &[File]) -> Option<String> {
    let mut files = files.to_vec();
    let message = files[0].messages.iter_mut().find(|message| message.name.value == "M")?;
    message.fields.last_mut()?.kind = Some(Kind::Message);
    let set = DescriptorSet::decode_files(files.iter().map(|file| encode(file, SourceInfo::Dropped))).unwrap();
    let errors = Schema::link(&set).unwrap_err();
    let [error] = errors.as_slice() else { panic!("{errors}") };
    assert!(error.message.ends_with("which does not start with a dot"), "{error}");
    let (_, name) = error.help.as_ref()?.split_once("as protoc and buf do: `")?;
    Some(name.trim_end_matches('`').to_owned())
}

#[test]
fn the_innermost_scope_is_searched_first() {
    let in_message = |package: &str, nested: &str, around: &str, name: &str| {
        format!("syntax = \"proto3\"; {package} {around} message M {{ {nested} {name} x = 1; }}")
    };
    let check = |package, nested, around, name, expected| {
        check(&[&in_message(package, nested, around, name)], expected);
    };
    check("", "", "", "M", Some(".M"));
    check("package a.b;", "", "", "M", Some(".a.b.M"));
    check("package a.b;", "", "message N {}", "N", Some(".a.b.N"));
    check("package a.b;", "message N {}", "message N {}", "N", Some(".a.b.M.N"));
    check("package a.b;", "message N {}", "message N {}", "b.N", Some(".a.b.N"));
    check("package a.b;", "message N {}", "message N {}", "M.N", Some(".a.b.M.N"));
    check("package a.b;", "", "", "a.b.M", Some(".a.b.M"));
    check("package a.b;", "", "", "N", None);
}

#[test]
fn the_first_part_of_a_name_decides() {
    let other = "syntax = \"proto3\"; package b; message N {}";
    let text = |package: &str, rest: &str| {
        format!("syntax = \"proto3\"; package {package}; import \"b.proto\"; message M {{ {rest} b.N x = 9; }}")
    };
    check(&[&text("a", ""), other], Some(".b.N"));
    check(&[&text("a.b", ""), other], None);
    check(&[&text("a", "message b {}"), other], None);
    check(&[&text("a", "enum b { B = 0; }"), other], None);
    check(&[&text("a", "message b { message N {} }"), other], Some(".a.M.b.N"));
    check(&[&text("a", "int32 b = 1;"), other], Some(".b.N"));
    check(&[&format!("{} service b {{}}", text("a", "")), other], None);
}

#[test]
fn elements_that_are_no_types_are_passed_over() {
    let other = "syntax = \"proto3\"; message N {}";
    let text = |nested: &str, around: &str| {
        format!("syntax = \"proto3\"; package a; import \"b.proto\"; {around} message M {{ {nested} N x = 9; }}")
    };
    check(&[&text("", ""), other], Some(".N"));
    check(&[&text("", "service N {}"), other], Some(".N"));
    check(&[&text("int32 N = 1;", ""), other], Some(".N"));
    check(&[&text("", "message N {}"), other], Some(".a.N"));
    check(&[&text("", "").replace("package a;", "package a.N;"), other], Some(".N"));
}

#[test]
fn only_names_of_imported_files_count() {
    let text = |imports: &str| format!("syntax = \"proto3\"; package a.b; {imports} message M {{ N x = 9; }}");
    let (outer, inner) =
        ("syntax = \"proto3\"; package a; message N {}", "syntax = \"proto3\"; package a.b; message N {}");
    check(&[&text("import \"b.proto\";"), outer, inner], Some(".a.N"));
    check(&[&text("import \"b.proto\"; import \"c.proto\";"), outer, inner], Some(".a.b.N"));
    let passes_on = "syntax = \"proto3\"; package c; import public \"c.proto\";";
    check(&[&text("import \"b.proto\";"), passes_on, inner], Some(".a.b.N"));
    check(&[&text("import \"b.proto\";"), &passes_on.replace("public ", ""), inner], None);
}
