//! Damages a request as a series of choices says.

use super::choices::Choices;
use super::wire::{Field, Kind, Node, Value};

/// The most changes to a tree. With more of them, hardly any tree is accepted.
const CHANGES: usize = 8;

const PARAMETER: u32 = 2;

/// The most bytes of a tree that may still grow.
const SIZE: usize = 40_000;

const NUMBERS: &[u64] =
    &[0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 14, 17, 18, 19_000, (1 << 29) - 1, 1 << 29, 998, 999, 1000, 1001, u64::MAX];

/// Names and texts that are hard to handle in some phase.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "", ".", "..", "a", "A", "T", "S", "_", "__", "_a", "a_", "a__b", "1a", "é", "a.b", "a b", "a\"b", "a\nb", "a\\",
    "a\u{202e}", "r#a", "self", "Self", "super", "crate", "type", "gen", "new", "NEW", "service", "SERVICE", "Option",
    "option", "Some", "None", "String", "Vec", "Box", "Result", "Ok", "Err", "Default", "Clone", "Debug", "PartialEq",
    "Message", "Enumeration", "Copy", "core", "alloc", "std", "prost", "rgrpc", "bool", "i32", "u8", "str", "key",
    "value", "as_str_name", "from_str_name", "from_i32", "try_from", "is_valid", "encode", "decode", "clear", "merge",
    "client", "server", "methods", "ServiceClient", "ServiceServer", "FooClient", "foo_client", "foo_server",
    "foo_methods", "FILE_DESCRIPTOR_SET", "Foo_2", "foo_2", "call", "request", "path", "connect", "send", "mod.rs",
    "_.rs", "demo.v1.rs", "google.protobuf", "google/protobuf/empty.proto", ".google.protobuf.Empty", "proto2",
    "proto3", "editions", "nan", "inf", "-1", "0x1F", "\\377", "true", "///", "*/", "```", "[a]: b", "#![x]", "{}",
    "json", "rename=.a.b=c", "build_client=false", "generate_default_stubs", "embed_descriptor_set", "compile_well_known_types",
    "include_file=_.rs", "extern_path=.a=::b", "prost_path=::prost", "extern_path=.google.protobuf=::g",
];

/// Returns the bytes of one of `trees`, changed as `choices` say.
pub fn damaged(trees: &[Node], choices: &[u8]) -> Vec<u8> {
    let mut choices = Choices::new(choices);
    let mut tree = choices.pick(trees).clone();
    for _ in 0..CHANGES {
        if choices.is_empty() {
            break;
        }
        change(&mut tree, trees, &mut choices);
    }
    tree.encode()
}

fn change(tree: &mut Node, trees: &[Node], choices: &mut Choices<'_>) {
    let grows = tree.encode().len() < SIZE;
    if choices.below(8) == 7 {
        return option(tree, choices);
    }
    let texts = texts(tree);
    let mut index = choices.below(tree.nodes().len());
    let donor = choices.below(4) == 0;
    let donor = if donor { choices.pick(trees).clone() } else { tree.clone() };
    let node = tree.node_mut(&mut index).expect("the index of a node");
    let (from, to) = (choices.below(node.fields.len()), choices.below(node.fields.len()));
    match choices.below(8) {
        0 => drop((!node.fields.is_empty()).then(|| node.fields.remove(from))),
        1 if grows => repeat(&mut node.fields, from, to, choices.below(16) * choices.below(16)),
        2 if !node.fields.is_empty() => node.fields.swap(from, to),
        3 if grows && node.kind == Kind::Message => {
            let inner = Field { tag: 3, value: Value::Node(node.clone()) };
            node.fields.push(inner);
        }
        4 => {
            let tag = u32::try_from(1 + choices.below(50)).expect("a small number");
            let value = match choices.below(2) {
                0 => Value::Number(*choices.pick(NUMBERS)),
                _ => Value::Bytes(text(&texts, choices)),
            };
            node.fields.insert(to, Field { tag, value });
        }
        _ => {
            if let Some(field) = node.fields.get_mut(from) {
                replace(&mut field.value, &donor, &texts, choices);
            }
        }
    }
}

/// Adds an option about an existing element.
fn option(tree: &mut Node, choices: &mut Choices<'_>) {
    let names = tree.full_names("");
    let Some(name) = names.get(choices.below(names.len())) else { return };
    let value = choices.pick(TEXTS);
    let option = match choices.below(2) {
        0 => format!(",rename={name}={value}"),
        _ => format!(",extern_path={name}=::{value}"),
    };
    let parameter = tree.fields.iter_mut().find(|field| field.tag == PARAMETER);
    match parameter.map(|field| &mut field.value) {
        Some(Value::Bytes(bytes)) => bytes.extend(option.bytes()),
        _ => tree.fields.push(Field { tag: PARAMETER, value: Value::Bytes(option.into_bytes()) }),
    }
}

fn repeat(fields: &mut Vec<Field>, from: usize, to: usize, times: usize) {
    if let Some(field) = fields.get(from).cloned() {
        fields.splice(to..to, std::iter::repeat_n(field, 1 + times));
    }
}

fn replace(value: &mut Value, donor: &Node, texts: &[Vec<u8>], choices: &mut Choices<'_>) {
    match value {
        Value::Number(number) => *number = *choices.pick(NUMBERS),
        Value::Fixed32(bytes) => bytes[0] ^= 0x80,
        Value::Fixed64(bytes) => bytes[0] ^= 0x80,
        Value::Bytes(bytes) => *bytes = text(texts, choices),
        Value::Node(node) => {
            let like: Vec<_> = donor.nodes().into_iter().filter(|other| other.kind == node.kind).collect();
            if !like.is_empty() {
                *node = (*choices.pick(&like)).clone();
            }
        }
    }
}

fn text(texts: &[Vec<u8>], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut one = || match choices.below(3) {
        0 if !texts.is_empty() => choices.pick(texts).clone(),
        _ => choices.pick(TEXTS).as_bytes().to_vec(),
    };
    let (first, second) = (one(), one());
    match choices.below(16) {
        0 => [first, second].concat(),
        1 => [first, b".".to_vec(), second].concat(),
        2 => [first, b"_".to_vec(), second].concat(),
        3 => [b".".to_vec(), first].concat(),
        4 => first.repeat(1 + choices.below(512)),
        5 => first.to_ascii_lowercase(),
        6 => first.to_ascii_uppercase(),
        7 => [first, vec![u8::try_from(choices.below(256)).expect("a byte")]].concat(),
        _ => first,
    }
}

/// Every text of a tree. A tree in which one name replaces another is the most likely to be accepted.
fn texts(tree: &Node) -> Vec<Vec<u8>> {
    let fields = tree.nodes().into_iter().flat_map(|node| &node.fields);
    let texts = fields.filter_map(|field| match &field.value {
        Value::Bytes(bytes) if bytes.len() < 2000 => Some(bytes.clone()),
        _ => None,
    });
    texts.collect()
}
