//! Decides the Rust names of messages, enums, their parts and extensions. A name that clashes, or that Rust does not allow, gets a
//! suffix.
//!
//! The suffix is appended to the proto name, from which all Rust names of the element are made. It affects neither the wire format nor
//! JSON.

mod members;
mod namer;
mod rust;
#[cfg(test)]
mod tests;
mod types;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::schema::{EnumId, FieldId, MessageId, Schema, Symbol};

use super::unknown_fields::UnknownFields;
use crate::names::Name;
use crate::options::Options;

/// A message, an enum, a part of one, or an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NamedElement {
    Message(MessageId),
    Field(FieldId),
    Oneof(MessageId, usize),
    Enum(EnumId),
    Value(EnumId, usize),
    Extension(usize),
}

/// The names of all elements of a schema.
pub(crate) struct Names<'a> {
    schema: &'a Schema<'a>,
    retain_enum_prefix: bool,
    /// The new name of each element that does not keep its declared one: `fooBar_2`.
    renamed: BTreeMap<NamedElement, String>,
    /// The oneofs whose enum would have the name of a type nested in the same message.
    oneofs_like_nested: BTreeSet<(MessageId, usize)>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(schema: &'a Schema<'a>, options: &Options, unknown_fields: &UnknownFields) -> Self {
        let mut names = Self {
            schema,
            retain_enum_prefix: options.retain_enum_prefix,
            renamed: BTreeMap::new(),
            oneofs_like_nested: BTreeSet::new(),
        };
        for package in types::allocate(schema, options, unknown_fields) {
            names.renamed.extend(package.renamed);
            names.oneofs_like_nested.extend(package.oneofs_like_nested);
        }
        names
    }

    /// The name from which the Rust names of an element are made: the declared one, or the one that replaces it.
    pub(crate) fn of(&self, element: NamedElement) -> &str {
        self.renamed.get(&element).map_or_else(|| self.declared(element), String::as_str)
    }

    /// The declared name of an element.
    pub(crate) fn declared(&self, element: NamedElement) -> &'a str {
        let (messages, enums) = (&self.schema.messages, &self.schema.enums);
        match element {
            NamedElement::Message(message) => messages[message].descriptor.name(),
            NamedElement::Field((message, field)) => messages[message].descriptor.field[field].name(),
            NamedElement::Oneof(message, oneof) => messages[message].descriptor.oneof_decl[oneof].name(),
            NamedElement::Enum(enumeration) => enums[enumeration].descriptor.name(),
            NamedElement::Value(enumeration, value) => enums[enumeration].descriptor.value[value].name(),
            NamedElement::Extension(extension) => self.schema.extensions[extension].descriptor.name(),
        }
    }

    /// The name from which the Rust names of the element with this full name are made; `None` for services and methods.
    pub(crate) fn of_full_name(&self, full_name: &str) -> Option<&str> {
        let element = match self.schema.resolve(full_name) {
            Some(Symbol::Message(message)) => Some(NamedElement::Message(message)),
            Some(Symbol::Enum(enumeration)) => Some(NamedElement::Enum(enumeration)),
            Some(Symbol::Service(_)) => None,
            None => self.part(full_name).or_else(|| self.extension(full_name)),
        };
        element.map(|element| self.of(element))
    }

    /// The field, oneof or enum value with this full name.
    fn part(&self, full_name: &str) -> Option<NamedElement> {
        let (scope, name) = full_name.rsplit_once('.')?;
        match self.schema.resolve(scope)? {
            Symbol::Message(id) => {
                let message = &self.schema.messages[id].descriptor;
                let field = message.field.iter().position(|field| field.name() == name);
                let oneof = || message.oneof_decl.iter().position(|oneof| oneof.name() == name);
                field.map(|field| NamedElement::Field((id, field))).or_else(|| Some(NamedElement::Oneof(id, oneof()?)))
            }
            Symbol::Enum(id) => {
                let mut values = self.schema.enums[id].descriptor.value.iter();
                values.position(|value| value.name() == name).map(|value| NamedElement::Value(id, value))
            }
            Symbol::Service(_) => None,
        }
    }

    fn extension(&self, full_name: &str) -> Option<NamedElement> {
        let mut extensions = self.schema.extensions.iter();
        extensions.position(|extension| extension.at.full_name == full_name).map(NamedElement::Extension)
    }

    #[cfg(test)]
    fn full_name(&self, element: NamedElement) -> String {
        let (messages, enums) = (&self.schema.messages, &self.schema.enums);
        let scope = match element {
            NamedElement::Message(message) => return messages[message].at.full_name.clone(),
            NamedElement::Enum(enumeration) => return enums[enumeration].at.full_name.clone(),
            NamedElement::Extension(extension) => return self.schema.extensions[extension].at.full_name.clone(),
            NamedElement::Field((message, _)) | NamedElement::Oneof(message, _) => &messages[message].at.full_name,
            NamedElement::Value(enumeration, _) => &enums[enumeration].at.full_name,
        };
        format!("{scope}.{}", self.declared(element))
    }

    /// The type of a message or an enum, `User`, or the variant of a member of a oneof.
    pub(crate) fn upper_camel(&self, element: NamedElement) -> String {
        upper_camel(self.of(element))
    }

    /// A field, `display_name`, or the module of a message.
    pub(crate) fn snake(&self, element: NamedElement) -> String {
        snake(self.of(element))
    }

    /// The constant of an extension, `NICKNAME`.
    pub(crate) fn constant(&self, element: NamedElement) -> String {
        Name::new(crate::names::shouty(self.of(element))).to_string()
    }

    /// The enum of a oneof, `Kind`, or `KindOneOf` beside a nested type `Kind`.
    pub(crate) fn oneof_type(&self, message: MessageId, oneof: usize) -> String {
        let ty = self.upper_camel(NamedElement::Oneof(message, oneof));
        if self.oneofs_like_nested.contains(&(message, oneof)) { rust::distinct_oneof(&ty) } else { ty }
    }

    /// The variant of an enum value.
    pub(crate) fn variant(&self, enumeration: EnumId, value: usize) -> String {
        let name = self.of(NamedElement::Value(enumeration, value));
        if self.retain_enum_prefix {
            upper_camel(name)
        } else {
            rust::variant(self.declared(NamedElement::Enum(enumeration)), name).unwrap_or_default()
        }
    }

    /// Whether a type, or a message around it, has another name than the declared one.
    pub(crate) fn is_renamed(&self, symbol: Symbol) -> bool {
        let Some((element, mut parent)) = self.of_type(symbol) else { return false };
        let mut renamed = self.renamed.contains_key(&element);
        while let Some(message) = parent {
            renamed |= self.renamed.contains_key(&NamedElement::Message(message));
            parent = self.schema.messages[message].parent;
        }
        renamed
    }

    /// The name segments from which the Rust path of a type is made: `user`, `v1`, `User`.
    pub(crate) fn segments(&self, symbol: Symbol) -> Vec<&str> {
        let Some((element, mut parent)) = self.of_type(symbol) else { return Vec::new() };
        let mut segments = vec![self.of(element)];
        while let Some(message) = parent {
            segments.push(self.of(NamedElement::Message(message)));
            parent = self.schema.messages[message].parent;
        }
        let package = self.schema.file_of(self.schema.place(symbol)).package();
        segments.extend(package.rsplit('.').filter(|part| !part.is_empty()));
        segments.reverse();
        segments
    }

    /// A message or an enum, and the message around it.
    fn of_type(&self, symbol: Symbol) -> Option<(NamedElement, Option<MessageId>)> {
        match symbol {
            Symbol::Message(message) => Some((NamedElement::Message(message), self.schema.messages[message].parent)),
            Symbol::Enum(enumeration) => Some((NamedElement::Enum(enumeration), self.schema.enums[enumeration].parent)),
            Symbol::Service(_) => None,
        }
    }
}

pub(crate) fn snake(name: &str) -> String {
    Name::new(crate::names::snake(name)).into()
}

pub(crate) fn upper_camel(name: &str) -> String {
    Name::new(crate::names::upper_camel(name)).into()
}
