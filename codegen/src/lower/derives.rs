//! Which traits the types of messages and oneofs derive beyond those that all do: `Copy`, and `Eq` with `Hash`.
//!
//! As prost-build decides it: a type can what all its fields can, and what holds itself can neither.

use super::boxing::{Boxed, Boxing};
use crate::descriptor::google::protobuf::field_descriptor_proto::Type;
use crate::model::Derives;
use crate::schema::{Cardinality, Field, FieldId, MessageId, Schema};

/// What each message derives.
pub(crate) struct MessageDerives(Vec<Derives>);

impl MessageDerives {
    pub(crate) fn new(schema: &Schema<'_>, boxing: &Boxing<'_>) -> Self {
        let mut derives = vec![Derives { copy: true, eq: true }; schema.messages.len()];
        // Who holds a message loses what the message loses.
        let mut holders: Vec<Vec<MessageId>> = vec![Vec::new(); schema.messages.len()];
        for (id, message) in schema.messages.iter().enumerate() {
            for index in 0..message.descriptor.field.len() {
                let field = schema.field((id, index));
                derives[id] = derives[id].and(alone(&field, boxing.of(schema, (id, index), &field)));
                if let Some(held) = field.held() {
                    holders[held].push(id);
                }
            }
        }
        let mut changed: Vec<MessageId> = (0..schema.messages.len()).collect();
        while let Some(message) = changed.pop() {
            for &holder in &holders[message] {
                let left = derives[holder].and(derives[message]);
                if left != derives[holder] {
                    derives[holder] = left;
                    changed.push(holder);
                }
            }
        }
        Self(derives)
    }

    pub(crate) fn of_message(&self, message: MessageId) -> Derives {
        self.0[message]
    }

    /// What a type can that has these fields of a message, and no others.
    pub(crate) fn of_fields(
        &self,
        schema: &Schema<'_>,
        boxing: &Boxing<'_>,
        fields: impl Iterator<Item = FieldId>,
    ) -> Derives {
        fields.fold(Derives { copy: true, eq: true }, |derives, id| {
            let field = schema.field(id);
            let held = field.held().map_or(derives, |held| derives.and(self.0[held]));
            held.and(alone(&field, boxing.of(schema, id, &field)))
        })
    }
}

/// What a field can, if the message that it holds can everything.
fn alone(field: &Field<'_>, boxed: Boxed) -> Derives {
    let is_list = matches!(field.cardinality, Cardinality::Repeated { .. } | Cardinality::Map(_));
    match field.ty {
        Type::Group => Derives { copy: false, eq: false },
        Type::Message => Derives { copy: !is_list && boxed == Boxed::No, eq: !is_list && boxed != Boxed::OnCycle },
        Type::String | Type::Bytes => Derives { copy: false, eq: true },
        Type::Float | Type::Double => Derives { copy: !is_list, eq: false },
        _ => Derives { copy: !is_list, eq: true },
    }
}
