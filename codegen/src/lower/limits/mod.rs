//! What prost cannot keep of a schema: a file goes in, warnings with the first place of each kind come out.
//!
//! Only what the author of the file chose is reported. proto2 makes every enum closed and every string unchecked, so
//! there they are no news; nor are custom options and features, which extend descriptors and not messages.

use super::Decisions;
use rgrpc_schema::Diagnostic;
use rgrpc_schema::descriptor::{FieldDescriptorProto, Type};
use rgrpc_schema::schema::{Cardinality, EnumId, Extension, Message, Symbol};
use rgrpc_schema::source::{MessageStep, Path};

/// What prost cannot keep: at most one warning per kind and file, at the first place.
pub(super) fn limits(decided: &Decisions<'_>, file: usize) -> Vec<Diagnostic> {
    let checks = [extension_range, extension, message_set, closed_enum, unchecked_string, mapped];
    let source = decided.schema.source(file);
    let warn = |limit: Limit| Diagnostic::at(source.position(&limit.path), limit.message).help(limit.help);
    checks.into_iter().filter_map(|check| check(decided, file)).map(warn).collect()
}

/// The messages of a file that drop what they do not declare.
fn dropping<'a>(decided: &'a Decisions<'_>, file: usize) -> impl Iterator<Item = &'a Message<'a>> {
    let Decisions { schema, kept, .. } = decided;
    schema.files[file].messages.clone().filter(|&id| !kept.keeps(id)).map(|id| &schema.messages[id])
}

struct Limit {
    path: Path,
    message: String,
    help: String,
}

fn extension_range(decided: &Decisions<'_>, file: usize) -> Option<Limit> {
    let message = dropping(decided, file)
        .find(|message| !message.descriptor.extension_range.is_empty() && !message.descriptor.is_message_set())?;
    Some(Limit {
        path: message.at.path.clone(),
        message: format!(
            "message `{}` allows extensions, which prost drops when it decodes",
            message.descriptor.name()
        ),
        help: kept_by(message),
    })
}

/// Says what the user can do so that a message drops nothing.
fn kept_by(message: &Message<'_>) -> String {
    format!("the option `unknown_fields={}` keeps them", message.at.full_name)
}

fn extension(decided: &Decisions<'_>, file: usize) -> Option<Limit> {
    let Decisions { schema, kept, externs, .. } = decided;
    let is_lost = |&id: &usize| {
        let Extension { descriptor, at, .. } = &schema.extensions[id];
        let is_elsewhere = externs.contains(&at.full_name);
        !is_custom_option(descriptor) && !is_elsewhere && kept.constants(id..id + 1).next().is_none()
    };
    let extension = &schema.extensions[schema.files[file].extensions.clone().find(is_lost)?];
    let (name, extendee) = (extension.descriptor.name(), extension.descriptor.extendee().trim_start_matches('.'));
    Some(Limit {
        path: extension.at.path.clone(),
        message: format!("extension `{name}` of `{extendee}` is not generated: prost has no extensions"),
        help: format!(
            "the option `unknown_fields=.{extendee}` has a constant made of it, where `{extendee}` is generated"
        ),
    })
}

fn is_custom_option(extension: &FieldDescriptorProto<'_>) -> bool {
    let extendee = extension.extendee().strip_prefix(".google.protobuf.");
    extendee.is_some_and(|name| name == "FeatureSet" || name.ends_with("Options"))
}

fn message_set(decided: &Decisions<'_>, file: usize) -> Option<Limit> {
    let message = dropping(decided, file).find(|message| message.descriptor.is_message_set())?;
    Some(Limit {
        path: message.at.path.clone(),
        message: format!(
            "message `{}` is a MessageSet, whose items prost drops when it decodes",
            message.descriptor.name()
        ),
        help: kept_by(message),
    })
}

fn closed_enum(decided: &Decisions<'_>, file: usize) -> Option<Limit> {
    let Decisions { schema, kept, .. } = decided;
    let file = &schema.files[file];
    file.descriptor.edition?;
    let is_open = |&id: &EnumId| schema.enums[id].features.closed() && !kept.closes(id);
    let enumeration = &schema.enums[file.enums.clone().find(is_open)?];
    Some(Limit {
        path: enumeration.at.path.clone(),
        message: format!(
            "enum `{}` is closed, but prost keeps values it does not know in the field",
            enumeration.descriptor.name()
        ),
        help:
            "expect any number in the field, or close it by the option `unknown_fields` for the messages that hold it"
                .to_owned(),
    })
}

fn unchecked_string(decided: &Decisions<'_>, file: usize) -> Option<Limit> {
    let Decisions { schema, .. } = decided;
    let file = &schema.files[file];
    file.descriptor.edition?;
    let mut fields = file.messages.clone().flat_map(|message| {
        let fields = schema.messages[message].descriptor.field.iter().enumerate();
        fields.map(move |(index, field)| ((message, index), field))
    });
    let ((message, index), field) =
        fields.find(|&(id, field)| field.r#type() == Type::String && !schema.features_of(id).verifies_utf8())?;
    Some(Limit {
        path: schema.messages[message].at.path.in_message(MessageStep::Field, index),
        message: format!(
            "string `{}` need not be UTF-8, but prost refuses to decode a message where it is not",
            field.name()
        ),
        help: "use `bytes`, or remove `features.utf8_validation = NONE`".to_owned(),
    })
}

/// A message of a message that keeps what is not declared, but whose own type was not generated with it.
fn mapped(decided: &Decisions<'_>, file: usize) -> Option<Limit> {
    let Decisions { schema, kept, externs, .. } = decided;
    let messages = schema.files[file].messages.clone().filter(|&id| kept.keeps(id));
    let mut fields =
        messages.flat_map(|id| (0..schema.messages[id].descriptor.field.len()).map(move |index| (id, index)));
    let ((message, index), held, rust) = fields.find_map(|id| {
        let field = schema.field(id);
        let symbol = match field.cardinality {
            Cardinality::Map(entry) => schema.value_of(entry)?.symbol?,
            _ => field.symbol?,
        };
        let Symbol::Message(held) = symbol else { return None };
        let held = &schema.messages[held].at;
        Some((id, held, externs.resolve(&held.full_name)?))
    })?;
    let (place, held, is_of_user) = (&schema.messages[message], held.shown(), externs.is_of_user(&held.full_name));
    let unless = if is_of_user { " unless it was generated with `unknown_fields`" } else { "" };
    Some(Limit {
        path: place.at.path.in_message(MessageStep::Field, index),
        message: format!(
            "field `{}` holds `{held}`, which is `{rust}` and drops what it does not declare{unless}",
            place.descriptor.field[index].name()
        ),
        help: if is_of_user {
            format!("generate `{held}` with the option `unknown_fields` as well")
        } else {
            "the option `compile_well_known_types` generates it".to_owned()
        },
    })
}

#[cfg(test)]
mod tests;
