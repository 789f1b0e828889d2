//! The rules about types that are compatible on the wire and in JSON.
//!
//! Source: <https://protobuf.dev/programming-guides/proto3/#updating>.

use std::collections::BTreeSet;

use rgrpc_schema::descriptor::{EnumDescriptorProto, Type};

use super::super::elements::DeclaredField;
use super::super::report::Report;
use super::pair::{FieldPair, changed_type};

/// A string may become bytes, but not the reverse, because bytes need not be valid UTF-8.
pub(in super::super) fn wire_compatible_type(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let kind = pair.map(DeclaredField::ty);
    let is_string_as_bytes = kind.old == Type::String && kind.new == Type::Bytes;
    if !is_string_as_bytes && (on_wire(kind.old) != on_wire(kind.new) || names_another_type(pair)) {
        changed_type(pair, report);
    }
}

pub(in super::super) fn wire_json_compatible_type(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let kind = pair.map(DeclaredField::ty);
    if in_json(kind.old) != in_json(kind.new) || names_another_type(pair) {
        changed_type(pair, report);
    }
}

/// The representative of all types with the same wire format.
fn on_wire(kind: Type) -> Type {
    match kind {
        Type::Int32 | Type::Int64 | Type::Uint32 | Type::Uint64 | Type::Bool => Type::Int32,
        Type::Sint32 | Type::Sint64 => Type::Sint32,
        Type::Fixed32 | Type::Sfixed32 => Type::Fixed32,
        Type::Fixed64 | Type::Sfixed64 => Type::Fixed64,
        other => other,
    }
}

/// The representative of all types with the same wire format and the same JSON, in which 64-bit integers are strings.
fn in_json(kind: Type) -> Type {
    match kind {
        Type::Int32 | Type::Uint32 => Type::Int32,
        Type::Int64 | Type::Uint64 => Type::Int64,
        Type::Fixed32 | Type::Sfixed32 => Type::Fixed32,
        Type::Fixed64 | Type::Sfixed64 => Type::Fixed64,
        other => other,
    }
}

/// Whether the types are different messages or enums. An enum may move to another scope and gain values.
fn names_another_type(pair: FieldPair<'_, '_>) -> bool {
    let name = pair.map(|field| field.descriptor.type_name());
    name.differ()
        && !enums(pair).is_some_and(|(old, new)| old.name() == new.name() && values(old).is_subset(&values(new)))
}

fn enums<'v>(pair: FieldPair<'_, 'v>) -> Option<(&'v EnumDescriptorProto<'v>, &'v EnumDescriptorProto<'v>)> {
    Some((&pair.old.enumeration()?.descriptor, &pair.new.enumeration()?.descriptor))
}

fn values<'v>(enumeration: &EnumDescriptorProto<'v>) -> BTreeSet<(&'v str, i32)> {
    enumeration.value.iter().map(|value| (value.name(), value.number())).collect()
}
