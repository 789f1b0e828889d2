//! Descriptors that were not parsed here: those of protoc are linked, broken ones are refused, and none makes the linker panic.

mod random;

use rgrpc_schema::file::{File, Import, ImportKind, Label, OneofDecl, Span, Spanned};
use rgrpc_schema::{Input, Retention, SourceInfo, bundled, decode, encode, link, parse};

use random::{Random, setting};

fn spanned<T: Default>(value: T) -> Spanned<T> {
    Spanned { value, ..Spanned::default() }
}

#[test]
fn bundled_files_are_linked_and_keep_their_bytes() {
    let files = || bundled::names().map(|name| decode(bundled::descriptor(name).unwrap()).unwrap());
    let linked = link(files().map(Input::Named).collect(), Retention::Retain).unwrap();
    assert_eq!(linked.files.len(), files().count());
    for file in &linked.files {
        let bytes = bundled::descriptor(&file.name).unwrap();
        assert!(encode(file, SourceInfo::Dropped) == bytes, "{}", file.name);
    }
}

#[test]
fn a_decoded_file_that_loses_options_is_the_one_that_the_text_would_be() {
    let text = b"edition = \"2024\";\n// The file.\npackage p;\n// It is.\noption features.enforce_naming_style = STYLE_LEGACY;\n\n// Free.\n\n// A message.\nmessage m {\n  // Numbers.\n  extensions 4 [verification = UNVERIFIED]; // There.\n  int32 A = 1;\n}\n";
    let linked = |file, retention| {
        let linked = link(vec![Input::Named(file)], retention).unwrap();
        encode(&linked.files[0], SourceInfo::Kept)
    };
    let retained = linked(parse("a.proto", text).file, Retention::Retain);
    let stripped = linked(parse("a.proto", text).file, Retention::Strip);
    assert_ne!(retained, stripped);
    assert!(linked(decode(retained.clone()).unwrap(), Retention::Retain) == retained);
    assert!(linked(decode(retained).unwrap(), Retention::Strip) == stripped);
    assert!(linked(decode(stripped.clone()).unwrap(), Retention::Strip) == stripped);
}

/// Links a valid file of proto3 after a change that no text could express; returns the errors.
fn said(change: impl FnOnce(&mut File)) -> String {
    let text =
        b"syntax = \"proto3\";\nmessage M {\n  oneof o {\n    int32 a = 1;\n    int32 b = 2;\n  }\n  int32 c = 3;\n}";
    let mut file = parse("a.proto", text).file;
    change(&mut file);
    match link(vec![Input::Named(file)], Retention::Strip) {
        Ok(_) => "accepted".to_owned(),
        Err(errors) => errors.as_slice().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn mistakes_that_only_descriptors_can_have_are_refused() {
    assert_eq!(said(|_| {}), "accepted");
    let check = |change: fn(&mut File), expected: &str| assert_eq!(said(change), expected);
    check(
        |file| file.messages[0].oneofs.push(OneofDecl { name: spanned("empty".to_owned()), ..OneofDecl::default() }),
        "a.proto:1:1: oneof `empty` has no fields",
    );
    check(
        |file| file.messages[0].fields[0].oneof = Some(7),
        "a.proto:4:11: field `a` is in oneof 7, which does not exist",
    );
    check(
        |file| file.messages[0].fields.swap(1, 2),
        "a.proto:7:3: field `c` is between the fields of oneof `o`, which must be consecutive",
    );
    check(
        |file| file.messages[0].fields[0].label = Some(spanned_label(Label::Repeated)),
        "a.proto:4:11: field `a` of a oneof must be optional",
    );
    check(
        |file| file.messages[0].fields[2].proto3_optional = true,
        "a.proto:7:9: field `c` is `proto3_optional`, but in no oneof",
    );
    check(
        |file| file.messages[0].fields[2].extendee = Some(spanned(".M".to_owned())),
        "a.proto:7:9: field `c` has an extendee, but is not an extension\na.proto:7:13: `M` does not declare 3 as an extension number\n  \
         help: declare it in `M`: `extensions 3;`",
    );
    check(|file| file.messages[0].fields[2].kind = None, "a.proto:7:3: field `c` has no type");
    check(
        |file| file.imports.push(Import { path: spanned("nope.proto".to_owned()), kind: ImportKind::Plain }),
        "a.proto:1:1: import \"nope.proto\" was not found",
    );
}

fn spanned_label(value: Label) -> Spanned<Label> {
    Spanned { value, span: Span::default() }
}

#[test]
fn errors_that_follow_from_a_missing_file_are_left_out() {
    let text = b"syntax = \"proto3\";\nimport \"b.proto\";\noption (b.o) = 1;\nmessage M { b.N n = 1; int32 c = 0; }";
    let file = parse("a.proto", text).file;
    let errors = link(vec![Input::Named(file), Input::Broken("b.proto".to_owned())], Retention::Strip).unwrap_err();
    let errors: Vec<_> = errors.as_slice().iter().map(ToString::to_string).collect();
    assert_eq!(errors, ["a.proto:4:34: number 0 of field `c` is too low\n  help: the lowest number is 1"]);
}

#[test]
fn no_bytes_make_the_linker_panic() {
    let names: Vec<_> = bundled::names().collect();
    let mut random = Random::new(setting("SEED", 1));
    let mut read = 0;
    for _ in 0..setting("DESCRIPTORS", 2000) {
        let mut bytes = bundled::descriptor(names[random.below(names.len())]).unwrap().to_vec();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            bytes[at] = u8::try_from(random.below(256)).unwrap();
        }
        if let Ok(file) = decode(bytes) {
            read += 1;
            let others = names.iter().filter(|name| **name != file.name);
            let decoded = others.map(|name| Input::Imported(decode(bundled::descriptor(name).unwrap()).unwrap()));
            let mut inputs: Vec<_> = decoded.collect();
            inputs.push(Input::Named(file));
            _ = link(inputs, if random.below(2) == 0 { Retention::Strip } else { Retention::Retain });
        }
    }
    assert!(read > 0);
}
