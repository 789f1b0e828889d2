//! Fields, oneofs and the variants of oneofs of one message, and the methods that prost-derive makes for them.

use std::collections::BTreeSet;

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto};

use super::scope::{Claims, Namespace, Scope};
use super::{Place, Renamed, rust};
use crate::messages::shape::{is_map_entry, oneof_index};

/// What decides which Rust names a member needs.
#[derive(Clone, Copy)]
enum Shape {
    /// A field without methods.
    Field,
    /// An optional scalar: `foo()`.
    Optional,
    /// An enum: `foo()`, `set_foo()`.
    Enum,
    /// A list of enums: `foo()`, `push_foo()`.
    EnumList,
    /// A map to enums: `get_foo()`, `insert_foo()`.
    EnumMap,
    /// A member of the oneof of this index.
    Variant(usize),
    /// A oneof with members.
    Oneof,
    /// The oneof of a proto3 `optional`, which prost leaves out.
    Synthetic,
}

/// Repairs the fields and oneofs of a message in whose module the names in `scope` are taken.
pub(super) fn repair(message: &mut DescriptorProto, place: &Place, scope: &mut Scope, renamed: &mut Renamed<'_>) {
    let enum_maps = enum_maps(message, place);
    let oneofs: BTreeSet<usize> = message.field.iter().filter_map(oneof_index).collect();
    let fields = message.field.iter().map(|field| renamed.element(place, field.name(), shape(field, &enum_maps)));
    let oneofs = (0..).zip(&message.oneof_decl).map(|(index, oneof)| {
        let shape = if oneofs.contains(&index) { Shape::Oneof } else { Shape::Synthetic };
        renamed.element(place, oneof.name(), shape)
    });
    let elements: Vec<_> = fields.chain(oneofs).collect();
    let nested = nested_types(message);
    let mut names = scope.allocate(&elements, |&shape, name| claims(shape, name, &nested)).into_iter();
    for (field, new) in message.field.iter_mut().zip(&mut names) {
        renamed.apply(place, &mut field.name, new);
    }
    for (oneof, new) in message.oneof_decl.iter_mut().zip(names) {
        renamed.apply(place, &mut oneof.name, new);
    }
}

/// The declared names of the map entries whose value is an enum.
fn enum_maps(message: &DescriptorProto, place: &Place) -> BTreeSet<String> {
    let entries = message.nested_type.iter().filter(|nested| is_map_entry(nested));
    entries
        .filter(|entry| entry.field.get(1).is_some_and(|value| value.r#type() == Type::Enum))
        .map(|entry| format!("{}.{}", place.declared, entry.name()))
        .collect()
}

fn shape(field: &FieldDescriptorProto, enum_maps: &BTreeSet<String>) -> Shape {
    if let Some(oneof) = oneof_index(field) {
        return Shape::Variant(oneof);
    }
    match (field.r#type(), field.label()) {
        (Type::Message, _) if enum_maps.contains(field.type_name()) => Shape::EnumMap,
        (Type::Message | Type::Group, _) => Shape::Field,
        (Type::Enum, Label::Repeated) => Shape::EnumList,
        (Type::Enum, _) => Shape::Enum,
        _ if field.proto3_optional() => Shape::Optional,
        _ => Shape::Field,
    }
}

/// The names of the nested types as prost compares them with those of oneofs: it counts map entries too.
fn nested_types(message: &DescriptorProto) -> BTreeSet<String> {
    let messages = message.nested_type.iter().map(DescriptorProto::name);
    let enums = message.enum_type.iter().map(prost_types::EnumDescriptorProto::name);
    messages.chain(enums).filter_map(rust::upper_camel).collect()
}

fn claims(shape: Shape, name: &str, nested_types: &BTreeSet<String>) -> Claims {
    if let Shape::Synthetic = shape {
        return Some(Vec::new());
    }
    if let Shape::Variant(oneof) = shape {
        return Some(vec![(Namespace::Variant(oneof), rust::upper_camel(name)?)]);
    }
    let field = rust::snake(name)?;
    let stem = rust::without_raw(&field).to_owned();
    let method = |prefix: &str| (Namespace::Method, format!("{prefix}{stem}"));
    let mut claims = match shape {
        Shape::Optional => vec![method("")],
        Shape::Enum => vec![method(""), method("set_")],
        Shape::EnumList => vec![method(""), method("push_")],
        // prost-derive panics at `get_r#if`: only here it does not take the `r#` off.
        Shape::EnumMap if stem != field => return None,
        Shape::EnumMap => vec![method("get_"), method("insert_")],
        Shape::Oneof => vec![(Namespace::Type, oneof_type(name, nested_types)?)],
        Shape::Field | Shape::Variant(_) | Shape::Synthetic => Vec::new(),
    };
    claims.push((Namespace::Field, field));
    Some(claims)
}

/// prost tells the enum of a oneof from a nested type of the same name.
fn oneof_type(name: &str, nested_types: &BTreeSet<String>) -> Option<String> {
    let name = rust::upper_camel(name)?;
    Some(if nested_types.contains(&name) { format!("{name}OneOf") } else { name })
}
