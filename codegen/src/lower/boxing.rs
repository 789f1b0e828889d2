//! Decides which fields are boxed: those on a cycle of messages, and those that the option `boxed` selects.

use rgrpc_schema::schema::{Cardinality, Field, FieldId, Schema};

use super::cycles::Cycles;
use crate::options::PathRules;

pub(crate) struct Boxing<'a> {
    pub(crate) cycles: Cycles,
    /// The option `boxed`.
    pub(crate) rules: &'a PathRules,
}

/// Whether a field is boxed, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Boxed {
    No,
    /// The message would contain itself.
    OnCycle,
    /// The option `boxed` selects the field.
    ByOption,
}

impl Boxing<'_> {
    /// Decides about one field. Only a singular message field can be boxed.
    pub(crate) fn of(&self, schema: &Schema<'_>, id: FieldId, field: &Field<'_>) -> Boxed {
        if field.held().is_none() {
            Boxed::No
        } else if self.cycles.boxed.contains(&id) {
            Boxed::OnCycle
        } else if self.is_selected(schema, id, field) {
            Boxed::ByOption
        } else {
            Boxed::No
        }
    }

    fn is_selected(&self, schema: &Schema<'_>, (message, _): FieldId, field: &Field<'_>) -> bool {
        if self.rules.is_empty() {
            return false;
        }
        let message = &schema.messages[message];
        let name = format!("{}.{}", message.at.full_name, field.descriptor.name());
        let by_oneof = match field.cardinality {
            Cardinality::Member(oneof) => {
                let oneof = message.descriptor.oneof_decl[oneof].name();
                Some(format!("{}.{oneof}.{}", message.at.full_name, field.descriptor.name()))
            }
            _ => None,
        };
        let names: Vec<&str> = std::iter::once(&*name).chain(by_oneof.as_deref()).collect();
        self.rules.select(&names)
    }
}
