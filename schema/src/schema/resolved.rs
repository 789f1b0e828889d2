//! The parts of a field that follow from others: its features, its oneof and the names of types.

use super::symbol::{MessageId, Symbol};
use crate::descriptor::{FieldDescriptorProto, Type};

/// The resolved parts of a field.
#[derive(Debug, Clone, Copy)]
pub(super) struct ResolvedField {
    pub ty: Type,
    pub cardinality: Cardinality,
    pub symbol: Option<Symbol>,
}

/// How many values a field holds, and whether it knows that it holds none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cardinality {
    /// One, which is the default if there is none.
    Implicit,
    /// One or none.
    Optional,
    /// One.
    Required,
    /// One or none, as the member of the oneof of this index.
    Member(usize),
    /// Many, in one record if they are packed.
    Repeated { packed: bool },
    /// Many, by key; the message is the entry.
    Map(MessageId),
}

/// The index of the oneof that a field is a member of; proto3's `optional` makes none.
#[must_use]
pub fn oneof_index(field: &FieldDescriptorProto<'_>) -> Option<usize> {
    field.oneof_index.filter(|_| !field.proto3_optional).and_then(|index| usize::try_from(index).ok())
}

#[must_use]
pub fn is_packable(ty: Type) -> bool {
    !matches!(ty, Type::String | Type::Bytes | Type::Message | Type::Group)
}
