//! The properties of a field that follow from its features, its oneof and its type name.

use super::symbol::{MessageId, Symbol};
use crate::descriptor::{FieldDescriptorProto, Type};

/// The resolved properties of a field.
#[derive(Debug, Clone, Copy)]
pub(super) struct ResolvedField {
    pub ty: Type,
    pub cardinality: Cardinality,
    pub symbol: Option<Symbol>,
}

/// The cardinality and presence of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cardinality {
    /// Singular, with implicit presence.
    Implicit,
    /// Singular, with explicit presence.
    Optional,
    /// Required.
    Required,
    /// A member of the oneof with this index.
    Member(usize),
    /// Repeated, in one record if it is packed.
    Repeated { packed: bool },
    /// A map, with this message as its entry.
    Map(MessageId),
}

/// The index of the oneof that a field is a member of, except for the synthetic oneof of a proto3 `optional` field.
#[must_use]
pub fn oneof_index(field: &FieldDescriptorProto<'_>) -> Option<usize> {
    field.oneof_index.filter(|_| !field.proto3_optional).and_then(|index| usize::try_from(index).ok())
}

#[must_use]
pub fn is_packable(ty: Type) -> bool {
    !matches!(ty, Type::String | Type::Bytes | Type::Message | Type::Group)
}
