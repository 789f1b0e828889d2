//! Lowers the messages and enums of a file to the types of the model.

use std::ops::Range;

use rgrpc_schema::schema::{self, EnumId, MessageId, Symbol};
use rgrpc_schema::source::MessageStep;

use super::decisions::Decisions;
use super::element::{ENUM, Element, FileElements, MEMBER, MESSAGE, ONEOF};
use super::names::NamedElement;
use crate::model::{Debug, Enum, Field, Message, Module, Oneof, Types, Value};
use crate::rust_type::parts;

/// The types of a file, except for those that an `extern_path` maps.
pub(crate) fn of_file(decisions: &Decisions<'_>, index: usize) -> Types {
    let source = decisions.schema.source(index);
    let file = &decisions.schema.files[index];
    let elements = FileElements { decisions, source };
    let (extensions, module) = (decisions.schema.top_extensions(index), parts(file.descriptor.package()));
    elements.types(&file.top_messages, &file.top_enums, extensions, &module)
}

impl FileElements<'_> {
    /// The types in the module with these name segments.
    fn types(&self, messages: &[MessageId], enums: &Range<EnumId>, extensions: Range<usize>, module: &[&str]) -> Types {
        Types {
            messages: messages.iter().filter_map(|&message| self.message(message, module)).collect(),
            enums: enums.clone().filter_map(|enumeration| self.enumeration(enumeration)).collect(),
            extensions: self.extensions(extensions, module),
        }
    }

    fn message(&self, id: MessageId, module: &[&str]) -> Option<Message> {
        let Decisions { schema, names, derives, externs, unknown_fields, .. } = self.decisions;
        let message = &schema.messages[id];
        let full_name = &*message.at.full_name;
        if message.is_map_entry || externs.contains(full_name) {
            return None;
        }
        let renamed = names.is_renamed(Symbol::Message(id));
        let element = Element::ty("Message", full_name, &message.at.path, renamed);
        let has_module =
            schema.has_module(id) || unknown_fields.extension_constants(message.extensions.clone()).next().is_some();
        let (fields, oneofs) = message.partition();
        let fields = fields.into_iter().map(|field| self.field((id, field), module));
        let fields: Vec<Field> = fields.chain(oneofs.iter().map(|oneof| self.oneof_field(id, oneof))).collect();
        Some(Message {
            docs: self.docs(&element),
            attributes: self.attributes(&element, MESSAGE),
            derives: derives.of_message(id),
            encoding: unknown_fields.encoding(id),
            on_unknown_fields: self.on_unknown_fields(id),
            debug: self.debug(&[full_name], &fields),
            deprecated: message.is_deprecated,
            name: names.upper_camel(NamedElement::Message(id)),
            fields,
            module: has_module.then(|| self.module(id, &oneofs)),
            origin: element.origin,
        })
    }

    fn module(&self, id: MessageId, oneofs: &[schema::Oneof]) -> Module {
        let Decisions { schema, names, .. } = self.decisions;
        let message = &schema.messages[id];
        let inside = names.segments(Symbol::Message(id));
        Module {
            name: names.snake(NamedElement::Message(id)),
            message: names.of(NamedElement::Message(id)).to_owned(),
            types: self.types(&message.nested, &message.enums, message.extensions.clone(), &inside),
            oneofs: oneofs.iter().map(|oneof| self.oneof(id, oneof, &inside)).collect(),
        }
    }

    fn oneof(&self, id: MessageId, oneof: &schema::Oneof, module: &[&str]) -> Oneof {
        let Decisions { schema, names, boxing, derives, unknown_fields, .. } = self.decisions;
        let element = self.oneof_element(id, oneof.index);
        let full_names = [&*element.origin.full_name, &schema.messages[id].at.full_name];
        let fields = oneof.fields.iter().map(|&field| (id, field));
        let variants: Vec<Field> = fields.clone().map(|field| self.variant(field, &element, module)).collect();
        Oneof {
            docs: self.docs(&element),
            attributes: self.attributes(&element, ONEOF),
            derives: derives.of_fields(schema, boxing, fields),
            encoding: unknown_fields.encoding(id),
            debug: self.debug(&full_names, &variants),
            name: names.oneof_type(id, oneof.index),
            variants,
            origin: element.origin,
        }
    }

    /// Decides who implements `Debug` for a type with these full names and fields.
    fn debug(&self, names: &[&str], fields: &[Field]) -> Debug {
        if self.decisions.options.skip_debug.select(names) {
            Debug::Skipped
        } else if fields.iter().any(|field| field.redacted) {
            Debug::Redacting
        } else {
            Debug::Derived
        }
    }

    pub(super) fn oneof_element(&self, message: MessageId, oneof: usize) -> Element {
        let Decisions { schema, names, .. } = self.decisions;
        let (at, named) = (&schema.messages[message].at, NamedElement::Oneof(message, oneof));
        let (declared, path) = (names.declared(named), at.path.in_message(MessageStep::Oneof, oneof));
        Element::member("Oneof", &at.full_name, declared, path, names.of(named) != declared)
    }

    fn enumeration(&self, id: EnumId) -> Option<Enum> {
        let Decisions { schema, names, externs, .. } = self.decisions;
        let enumeration = &schema.enums[id];
        let full_name = &*enumeration.at.full_name;
        if externs.contains(full_name) {
            return None;
        }
        let renamed = names.is_renamed(Symbol::Enum(id));
        let element = Element::ty("Enum", full_name, &enumeration.at.path, renamed);
        let first = enumeration.first_of_each_number().into_iter().enumerate();
        let values = first.filter(|(value, first)| value == first);
        Some(Enum {
            docs: self.docs(&element),
            attributes: self.attributes(&element, ENUM),
            skip_debug: self.decisions.options.skip_debug.select(&[full_name]),
            deprecated: enumeration.is_deprecated,
            name: names.upper_camel(NamedElement::Enum(id)),
            values: values.map(|(value, _)| self.value(id, value)).collect(),
            origin: element.origin,
        })
    }

    fn value(&self, id: EnumId, index: usize) -> Value {
        let Decisions { schema, names, .. } = self.decisions;
        let (at, named) = (&schema.enums[id].at, NamedElement::Value(id, index));
        let declared = names.declared(named);
        let renamed = names.of(named) != declared;
        let element = Element::member("Value", &at.full_name, declared, at.path.value(index), renamed);
        let descriptor = &schema.enums[id].descriptor.value[index];
        Value {
            docs: self.docs(&element),
            attributes: self.attributes(&element, MEMBER),
            deprecated: descriptor.is_deprecated(),
            name: names.variant(id, index),
            proto: declared.to_owned(),
            number: descriptor.number(),
            origin: element.origin,
        }
    }
}
