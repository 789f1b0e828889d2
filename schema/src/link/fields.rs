//! Properties of fields, their encoding and presence, and the lookup of fields by name and number.

use super::elements::{Element, as_u32};
use super::pool::Pool;
use super::symbols::{Definition, Id};
use crate::file::{Kind, Label};

impl Pool<'_> {
    /// Returns the type of a field on the wire: a delimited message is a group.
    pub fn kind(&self, id: Id) -> Option<Kind> {
        let link = self.link(id);
        let delimited = || {
            self.features(id).delimited()
                && !self.parent_is_map_entry(id)
                && !link.target.is_some_and(|target| self.is_map_entry(target))
        };
        match link.kind {
            Some(Kind::Message) if delimited() => Some(Kind::Group),
            kind => kind,
        }
    }

    pub fn parent_is_map_entry(&self, field: Id) -> bool {
        !self.is_extension(field) && self.is_map_entry(self.parent(field))
    }

    /// Returns whether a field is a map.
    pub fn is_map(&self, field: Id) -> bool {
        let link = self.link(field);
        link.kind == Some(Kind::Message) && link.target.is_some_and(|target| self.is_map_entry(target))
    }

    pub fn is_repeated(&self, field: Id) -> bool {
        self.field(field).and_then(|field| field.label).is_some_and(|label| label.value == Label::Repeated)
    }

    /// Returns whether a field is required, by its label or by its features.
    pub fn is_required(&self, field: Id) -> bool {
        self.features(field).required() && !self.is_repeated(field)
    }

    /// Returns whether a field has explicit presence: unset is distinct from the default.
    pub fn has_presence(&self, id: Id) -> bool {
        !self.is_repeated(id)
            && (self.is_extension(id)
                || self.field(id).is_some_and(|field| field.oneof.is_some())
                || matches!(self.link(id).kind, Some(Kind::Message | Kind::Group))
                || !self.features(id).implicit())
    }

    pub fn is_packable(&self, id: Id) -> bool {
        self.is_repeated(id)
            && !matches!(self.kind(id), Some(Kind::String | Kind::Bytes | Kind::Message | Kind::Group) | None)
    }

    /// Returns a field of a message by its name; extensions do not count.
    pub fn field_named(&self, message: Id, name: &str) -> Option<Id> {
        match self.member(Definition::Element(message), name)? {
            Definition::Element(id) if matches!(self.entry(id).element, Element::Field(_)) => Some(id),
            _ => None,
        }
    }

    /// Returns a field or an extension of a message by its number.
    pub fn field_numbered(&self, message: Id, number: i32) -> Option<Id> {
        match self.files[message.file as usize].numbers.get(&(message.element, number)) {
            Some(&element) => Some(Id { element, ..message }),
            None => self.extensions.get(&(message, number)).copied(),
        }
    }

    /// Returns the oneof that a field is a member of.
    pub fn oneof(&self, field: Id) -> Option<Id> {
        let index = self.field(field)?.oneof.filter(|_| !self.is_extension(field))?;
        let Element::Message(message, members) = self.entry(self.parent(field)).element else { return None };
        (index < message.oneofs.len()).then(|| Id { element: members.oneofs + as_u32(index), ..field })
    }
}
