//! Allocates the names of a message's fields, oneofs and variants, and of the methods that prost's derive adds for them.

use std::collections::BTreeSet;

use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{Cardinality, Field, MessageId, Schema};

use super::namer::Namer;
use super::{NamedElement, rust};
use crate::emit::UNKNOWN_FIELDS;
use crate::names::scope::{Claims, Namespace, Scope};
use crate::names::without_raw;

/// The properties that decide which Rust names a member needs.
#[derive(Clone, Copy)]
enum MemberShape {
    /// A field for which there are no methods.
    Field,
    /// An optional scalar: `foo()`.
    Optional,
    /// An enum: `foo()`, `set_foo()`.
    Enum,
    /// A repeated enum: `foo()`, `push_foo()`.
    EnumList,
    /// A map with enum values: `get_foo()`, `insert_foo()`.
    EnumMap,
    /// A member of the oneof with this index.
    Variant(usize),
    /// A oneof with members.
    Oneof,
    /// The synthetic oneof of a proto3 `optional`, for which no Rust is generated.
    Synthetic,
}

/// Allocates the names of the fields and oneofs of a message. `scope` holds the names that are taken in the message's module.
pub(super) fn allocate(namer: &mut Namer<'_>, message: MessageId, scope: &mut Scope) {
    let schema = namer.schema;
    let declared = &schema.messages[message];
    let full_name = &declared.at.full_name;
    let fields = declared.descriptor.field.iter().enumerate().map(|(index, field)| {
        let shape = shape(schema, &schema.field((message, index)));
        namer.element(full_name, field.name(), shape)
    });
    let with_members: BTreeSet<usize> = declared.partition().1.iter().map(|oneof| oneof.index).collect();
    let oneofs = declared.descriptor.oneof_decl.iter().enumerate().map(|(index, oneof)| {
        let shape = if with_members.contains(&index) { MemberShape::Oneof } else { MemberShape::Synthetic };
        namer.element(full_name, oneof.name(), shape)
    });
    let elements: Vec<_> = fields.chain(oneofs).collect();
    if namer.unknown_fields.kept_by(message) {
        scope.reserve(Namespace::Field, UNKNOWN_FIELDS.to_owned());
    }
    let nested = nested_types(namer, message);
    let mut allocated = scope.allocate(&elements, |&shape, name| claims(shape, name, &nested)).into_iter();
    for (index, name) in allocated.by_ref().take(declared.descriptor.field.len()).enumerate() {
        namer.rename(NamedElement::Field((message, index)), name);
    }
    for (index, (name, oneof)) in allocated.zip(&declared.descriptor.oneof_decl).enumerate() {
        let ty = rust::upper_camel(name.as_deref().unwrap_or(oneof.name()));
        if ty.is_some_and(|ty| nested.contains(&ty)) {
            namer.oneofs_like_nested.insert((message, index));
        }
        namer.rename(NamedElement::Oneof(message, index), name);
    }
}

fn shape(schema: &Schema<'_>, field: &Field<'_>) -> MemberShape {
    match (field.cardinality, field.ty) {
        (Cardinality::Member(oneof), _) => MemberShape::Variant(oneof),
        (Cardinality::Map(entry), _) if schema.value_of(entry).is_some_and(|value| value.ty == Type::Enum) => {
            MemberShape::EnumMap
        }
        (Cardinality::Map(_), _) | (_, Type::Message | Type::Group) => MemberShape::Field,
        (Cardinality::Repeated { .. }, Type::Enum) => MemberShape::EnumList,
        (_, Type::Enum) => MemberShape::Enum,
        (Cardinality::Optional, _) => MemberShape::Optional,
        _ => MemberShape::Field,
    }
}

/// The Rust names of the nested types, among which prost-build counts map entries when it names the enum of a oneof.
fn nested_types(namer: &Namer<'_>, message: MessageId) -> BTreeSet<String> {
    let message = &namer.schema.messages[message];
    let messages =
        message.nested.iter().map(|&id| (NamedElement::Message(id), namer.schema.messages[id].descriptor.name()));
    let enums = message.enums.clone().map(|id| (NamedElement::Enum(id), namer.schema.enums[id].descriptor.name()));
    messages.chain(enums).filter_map(|(element, name)| rust::upper_camel(&namer.name_of(element, name))).collect()
}

fn claims(shape: MemberShape, name: &str, nested_types: &BTreeSet<String>) -> Claims {
    if let MemberShape::Synthetic = shape {
        return Some(Vec::new());
    }
    if let MemberShape::Variant(oneof) = shape {
        return Some(vec![(Namespace::Variant(oneof), rust::upper_camel(name)?)]);
    }
    let field = rust::snake(name)?;
    let stem = without_raw(&field).to_owned();
    let method = |prefix: &str| (Namespace::Method, format!("{prefix}{stem}"));
    let mut claims = match shape {
        MemberShape::Optional => vec![method("")],
        MemberShape::Enum => vec![method(""), method("set_")],
        MemberShape::EnumList => vec![method(""), method("push_")],
        // prost's derive panics on a raw identifier here: it does not strip the `r#`, and makes `get_r#if`.
        MemberShape::EnumMap if stem != field => return None,
        MemberShape::EnumMap => vec![method("get_"), method("insert_")],
        MemberShape::Oneof => vec![(Namespace::Type, oneof_type(name, nested_types)?)],
        MemberShape::Field | MemberShape::Variant(_) | MemberShape::Synthetic => Vec::new(),
    };
    claims.push((Namespace::Field, field));
    Some(claims)
}

/// The enum of a oneof, `KindOneOf` beside a nested type `Kind`.
fn oneof_type(name: &str, nested_types: &BTreeSet<String>) -> Option<String> {
    let name = rust::upper_camel(name)?;
    Some(if nested_types.contains(&name) { rust::distinct_oneof(&name) } else { name })
}
