//! Decides which of `Copy`, `Eq` and `Hash` messages and oneofs derive.
//!
//! As in prost-build, a type derives a trait if all its fields have it, and a type that contains itself derives none of them. A type
//! that an `extern_path` maps has the traits that the user states.

use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{Cardinality, Field, FieldId, Message, MessageId, Schema};

use super::boxing::{Boxed, Boxing};
use super::extern_paths::ExternPaths;
use super::unknown_fields::UnknownFields;
use crate::model::Derives;

/// The derives of each message.
pub(crate) struct MessageDerives(Vec<Derives>);

impl MessageDerives {
    pub(crate) fn new(
        schema: &Schema<'_>,
        boxing: &Boxing<'_>,
        externs: &ExternPaths,
        unknown_fields: &UnknownFields,
    ) -> Self {
        let known = |message: &Message<'_>| externs.traits(&message.at.full_name);
        // Unknown fields are stored on the heap.
        let before_fields = |id| Derives { copy: !unknown_fields.kept_by(id), ..Derives::ALL };
        let messages = schema.messages.iter().enumerate();
        let mut derives: Vec<Derives> =
            messages.map(|(id, message)| known(message).unwrap_or_else(|| before_fields(id))).collect();
        // A message loses the traits that a message in one of its fields loses.
        let mut holders: Vec<Vec<MessageId>> = vec![Vec::new(); schema.messages.len()];
        let computed = schema.messages.iter().enumerate().filter(|(_, message)| known(message).is_none());
        for (id, message) in computed {
            for index in 0..message.descriptor.field.len() {
                let field = schema.field((id, index));
                derives[id] = derives[id].and(of_field(&field, boxing.of(schema, (id, index), &field)));
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

    /// The traits of a type that consists of these fields of a message.
    pub(crate) fn of_fields(
        &self,
        schema: &Schema<'_>,
        boxing: &Boxing<'_>,
        fields: impl Iterator<Item = FieldId>,
    ) -> Derives {
        fields.fold(Derives::ALL, |derives, id| {
            let field = schema.field(id);
            let held = field.held().map_or(derives, |held| derives.and(self.0[held]));
            held.and(of_field(&field, boxing.of(schema, id, &field)))
        })
    }
}

/// The traits of a field, provided that a message in it has all of them.
fn of_field(field: &Field<'_>, boxed: Boxed) -> Derives {
    let is_list = matches!(field.cardinality, Cardinality::Repeated { .. } | Cardinality::Map(_));
    match field.ty {
        Type::Group => Derives::NONE,
        Type::Message if is_list || boxed == Boxed::OnCycle => Derives::NONE,
        Type::Message => Derives { copy: boxed == Boxed::No, ..Derives::ALL },
        Type::String | Type::Bytes => Derives { copy: false, ..Derives::ALL },
        Type::Float | Type::Double => Derives { copy: !is_list, ..Derives::NONE },
        _ => Derives { copy: !is_list, ..Derives::ALL },
    }
}
