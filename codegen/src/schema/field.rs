//! A field with what decides about its wire format and its presence resolved.

use super::{Message, MessageId, Schema, Symbol, features};
use crate::descriptor::google::protobuf::feature_set::{FieldPresence, MessageEncoding, RepeatedFieldEncoding};
use crate::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use crate::descriptor::google::protobuf::{FieldDescriptorProto, FieldOptions};

/// A field of a message, by its index there.
pub(crate) type FieldId = (MessageId, usize);

/// A field of a message.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) descriptor: &'a FieldDescriptorProto,
    /// Its type, which is a group where a message is encoded as one.
    pub(crate) ty: Type,
    pub(crate) cardinality: Cardinality,
    /// What `type_name` stands for.
    pub(crate) symbol: Option<Symbol>,
}

/// How many values a field holds, and whether it knows that it holds none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cardinality {
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

impl<'a> Schema<'a> {
    pub(crate) fn field(&self, (message, index): FieldId) -> Field<'a> {
        self.resolved(&self.messages[message], index)
    }

    /// The value of the entry of a map.
    pub(crate) fn value_of(&self, entry: MessageId) -> Option<Field<'a>> {
        (self.messages[entry].descriptor.field.len() > 1).then(|| self.field((entry, 1)))
    }

    fn resolved(&self, message: &Message<'a>, index: usize) -> Field<'a> {
        let descriptor = &message.descriptor.field[index];
        let symbol = descriptor.type_name.as_deref().and_then(|name| self.resolve(name));
        let field = |ty, cardinality| Field { descriptor, ty, cardinality, symbol };
        let ty = descriptor.r#type();
        if let Some(Symbol::Message(entry)) = symbol
            && self.messages[entry].is_map_entry()
        {
            // A map is length-prefixed whatever `message_encoding` says.
            return field(ty, Cardinality::Map(entry));
        }
        if message.is_map_entry() {
            return field(ty, Cardinality::Implicit);
        }
        let oneof = oneof_index(descriptor).filter(|&oneof| oneof < message.descriptor.oneof_decl.len());
        let of_oneof = oneof.map(|oneof| features::of_oneof(&message.descriptor.oneof_decl[oneof], &message.features));
        let features = features::of_field(descriptor, of_oneof.as_ref().unwrap_or(&message.features));
        let is_delimited = ty == Type::Message && features.message_encoding() == MessageEncoding::Delimited;
        let ty = if is_delimited { Type::Group } else { ty };
        let cardinality = match (descriptor.label(), oneof, features.field_presence()) {
            (Label::Repeated, ..) => {
                let packed = features.repeated_field_encoding() == RepeatedFieldEncoding::Packed;
                Cardinality::Repeated { packed: packed && is_packable(ty) }
            }
            (_, Some(oneof), _) => Cardinality::Member(oneof),
            (.., FieldPresence::LegacyRequired) => Cardinality::Required,
            // A message is there or not, whatever the feature says.
            (.., FieldPresence::Explicit) => Cardinality::Optional,
            _ if matches!(ty, Type::Message | Type::Group) => Cardinality::Optional,
            _ => Cardinality::Implicit,
        };
        field(ty, cardinality)
    }
}

impl Field<'_> {
    /// The message of which it holds one, if any, by value.
    pub(crate) fn held(&self) -> Option<MessageId> {
        match (self.symbol, self.cardinality) {
            (_, Cardinality::Repeated { .. } | Cardinality::Map(_)) => None,
            (Some(Symbol::Message(message)), _) => Some(message),
            _ => None,
        }
    }

    /// Whether its value is not to be shown to who debugs.
    pub(crate) fn is_redacted(&self) -> bool {
        self.descriptor.options.as_deref().is_some_and(FieldOptions::debug_redact)
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        self.descriptor.options.as_deref().is_some_and(FieldOptions::deprecated)
    }
}

/// The index of the oneof that a field is a member of; proto3's `optional` makes none.
pub(crate) fn oneof_index(field: &FieldDescriptorProto) -> Option<usize> {
    field.oneof_index.filter(|_| !field.proto3_optional()).and_then(|index| usize::try_from(index).ok())
}

pub(crate) fn is_packable(ty: Type) -> bool {
    !matches!(ty, Type::String | Type::Bytes | Type::Message | Type::Group)
}
