//! Files of the unstable edition can be parsed, and have other types.

use rgrpc_schema::file::Kind;
use rgrpc_schema::parse;

fn kinds(types: &[&str]) -> (Vec<Option<Kind>>, Vec<String>) {
    let fields: Vec<_> = types.iter().map(|kind| format!("{kind} a = 1;")).collect();
    let text = format!("edition = \"UNSTABLE\"; message M {{ {} }}", fields.join("\n"));
    let parsed = parse("a.proto", text.as_bytes());
    let kinds = parsed.file.messages.iter().flat_map(|message| &message.fields).map(|field| field.kind);
    (kinds.collect(), parsed.errors.iter().map(ToString::to_string).collect())
}

#[test]
fn integers_have_a_fixed_width() {
    let types = ["int32", "int64", "uint32", "uint64", "varint32", "uvarint64", "zigzag32", "double"];
    let expected = [
        Kind::Sfixed32,
        Kind::Sfixed64,
        Kind::Fixed32,
        Kind::Fixed64,
        Kind::Int32,
        Kind::Uint64,
        Kind::Sint32,
        Kind::Double,
    ];
    assert_eq!(kinds(&types), (expected.map(Some).to_vec(), vec![]));
}

#[test]
fn older_names_of_types_are_refused() {
    let (_, errors) = kinds(&["fixed32", "sint64"]);
    assert_eq!(
        errors,
        [
            "a.proto:1:35: this edition has no type `fixed32`\n  help: use `uint32`",
            "a.proto:2:1: this edition has no type `sint64`\n  help: use `zigzag64`",
        ]
    );
}
