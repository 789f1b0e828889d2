//! Emits messages: the struct, the code that belongs to it, and the module of nested types.

use super::attributes::attributes;
use super::derive::derive;
use super::lines::Lines;
use super::{accessors, debug, enumeration, unknown_fields};
use crate::model::{Debug, Encoding, Field, Message, Module, Oneof, Types};

/// Adds the types of a module. `prost` is the path of prost.
pub(crate) fn types(types: &Types, prost: &str, lines: &mut Lines) {
    types.messages.iter().for_each(|message| self::message(message, prost, lines));
    types.enums.iter().for_each(|enumeration| enumeration::item(enumeration, prost, lines));
    unknown_fields::extensions(&types.extensions, lines);
}

fn message(message: &Message, prost: &str, lines: &mut Lines) {
    lines.docs(&message.docs);
    attributes(&message.attributes, lines);
    derive(message.derives, "Message", message.encoding, message.debug, prost, lines);
    if message.deprecated {
        lines.attribute("#[deprecated]");
    }
    lines.open(&format!("pub struct {} {{", message.name));
    for field in &message.fields {
        attributes_of(field, message.encoding, lines);
        lines.add(&format!("pub {}: {},", field.name, field.ty));
    }
    if message.encoding == Encoding::Macro {
        unknown_fields::field(&message.on_unknown_fields, lines);
    }
    lines.close();
    if message.encoding == Encoding::Macro {
        accessors::of(&message.name, &message.fields, lines);
        unknown_fields::message(&message.name, message.debug, &message.fields, lines);
    }
    if message.debug == Debug::Redacting {
        debug::of_struct(&message.name, &message.fields, message.encoding, lines);
    }
    if let Some(module) = &message.module {
        self::module(module, prost, lines);
    }
}

fn module(module: &Module, prost: &str, lines: &mut Lines) {
    lines.doc(&format!(" Nested message and enum types in `{}`.", module.message));
    lines.open(&format!("pub mod {} {{", module.name));
    types(&module.types, prost, lines);
    module.oneofs.iter().for_each(|oneof| self::oneof(oneof, prost, lines));
    lines.close();
}

fn oneof(oneof: &Oneof, prost: &str, lines: &mut Lines) {
    lines.docs(&oneof.docs);
    attributes(&oneof.attributes, lines);
    derive(oneof.derives, "Oneof", oneof.encoding, oneof.debug, prost, lines);
    lines.open(&format!("pub enum {} {{", oneof.name));
    for variant in &oneof.variants {
        attributes_of(variant, oneof.encoding, lines);
        lines.add(&format!("{}({}),", variant.name, variant.ty));
    }
    lines.close();
    if oneof.encoding == Encoding::Macro {
        unknown_fields::oneof(&oneof.name, oneof.debug, &oneof.variants, lines);
    }
    if oneof.debug == Debug::Redacting {
        debug::of_enum(&oneof.name, &oneof.variants, lines);
    }
}

/// Adds the docs and attributes of a field or a variant.
fn attributes_of(field: &Field, encoding: Encoding, lines: &mut Lines) {
    lines.docs(&field.docs);
    attributes(&field.attributes, lines);
    if field.deprecated {
        lines.attribute("#[deprecated]");
    }
    if encoding == Encoding::Derived {
        lines.attribute(&format!("#[prost({})]", field.encoding));
    }
}
