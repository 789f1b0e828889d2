//! Fields with their type, cardinality and presence resolved.

use super::resolved::{Cardinality, ResolvedField, is_packable, oneof_index};
use super::symbol::{MessageId, Symbol};
use super::{Extension, Message, Schema, features};
use crate::Features;
use crate::descriptor::{FieldDescriptorProto, Label, Type};

/// A field, by its message and its index there.
pub type FieldId = (MessageId, usize);

/// A field of a message.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    pub descriptor: &'a FieldDescriptorProto<'a>,
    /// The type; a message that is encoded as a group is a `Group`.
    pub ty: Type,
    pub cardinality: Cardinality,
    /// The message or enum that `type_name` refers to.
    pub symbol: Option<Symbol>,
}

impl<'a> Schema<'a> {
    #[must_use]
    pub fn field(&self, (message, index): FieldId) -> Field<'_> {
        let message = &self.messages[message];
        let ResolvedField { ty, cardinality, symbol } = self.fields[message.first_field + index];
        Field { descriptor: &message.descriptor.field[index], ty, cardinality, symbol }
    }

    /// An extension, by its index, as a field of its extendee.
    #[must_use]
    pub fn extension(&self, index: usize) -> Field<'_> {
        let Extension { descriptor, features, .. } = &self.extensions[index];
        let ty = descriptor.r#type();
        let ty = if ty == Type::Message && features.delimited() { Type::Group } else { ty };
        let cardinality = match descriptor.label() {
            Label::Repeated => Cardinality::Repeated { packed: features.packed() && is_packable(ty) },
            _ => Cardinality::Optional,
        };
        Field { descriptor, ty, cardinality, symbol: descriptor.type_name.and_then(|name| self.resolve(name)) }
    }

    /// The fields of a message.
    pub fn fields_of(&self, message: MessageId) -> impl Iterator<Item = Field<'_>> {
        (0..self.messages[message].descriptor.field.len()).map(move |index| self.field((message, index)))
    }

    /// The field `value` of a map entry.
    #[must_use]
    pub fn value_of(&self, entry: MessageId) -> Option<Field<'_>> {
        (self.messages[entry].descriptor.field.len() > 1).then(|| self.field((entry, 1)))
    }

    /// The features of a field.
    #[must_use]
    pub fn features_of(&self, (message, index): FieldId) -> Features {
        features(&self.messages[message], &self.messages[message].descriptor.field[index])
    }

    /// Resolves the fields of all messages, once all names are known. A type name that does not resolve leaves `symbol` empty.
    pub fn resolve_fields(&mut self) {
        let mut fields = Vec::with_capacity(self.messages.iter().map(|message| message.descriptor.field.len()).sum());
        for index in 0..self.messages.len() {
            self.messages[index].first_field = fields.len();
            let message = &self.messages[index];
            fields.extend(message.descriptor.field.iter().map(|field| self.resolved(message, field)));
        }
        self.fields = fields;
    }

    fn resolved(&self, message: &Message<'a>, descriptor: &FieldDescriptorProto<'a>) -> ResolvedField {
        let symbol = descriptor.type_name.and_then(|name| self.resolve(name));
        let field = |ty, cardinality| ResolvedField { ty, cardinality, symbol };
        let ty = descriptor.r#type();
        if let Some(Symbol::Message(entry)) = symbol
            && self.messages[entry].is_map_entry
        {
            // A map is length-prefixed, whatever `message_encoding` says.
            return field(ty, Cardinality::Map(entry));
        }
        if message.is_map_entry {
            return field(ty, Cardinality::Implicit);
        }
        let oneof = oneof_index(descriptor).filter(|&oneof| oneof < message.descriptor.oneof_decl.len());
        let features = features(message, descriptor);
        let ty = if ty == Type::Message && features.delimited() { Type::Group } else { ty };
        let cardinality = match (descriptor.label(), oneof) {
            (Label::Repeated, _) => Cardinality::Repeated { packed: features.packed() && is_packable(ty) },
            (_, Some(oneof)) => Cardinality::Member(oneof),
            _ if features.required() => Cardinality::Required,
            // A message always has explicit presence.
            _ if features.implicit() && !matches!(ty, Type::Message | Type::Group) => Cardinality::Implicit,
            _ => Cardinality::Optional,
        };
        field(ty, cardinality)
    }
}

/// Returns the features of a field, which a member of a oneof inherits from the oneof.
fn features(message: &Message<'_>, field: &FieldDescriptorProto<'_>) -> Features {
    let oneof = oneof_index(field).and_then(|oneof| message.descriptor.oneof_decl.get(oneof));
    let scope = oneof.map_or(message.features, |oneof| features::of_oneof(oneof, message.features));
    features::of_field(field, scope)
}

impl Field<'_> {
    /// The message that the field holds at most one of.
    #[must_use]
    pub fn held(&self) -> Option<MessageId> {
        match (self.symbol, self.cardinality) {
            (_, Cardinality::Repeated { .. } | Cardinality::Map(_)) => None,
            (Some(Symbol::Message(message)), _) => Some(message),
            _ => None,
        }
    }
}
