//! Finds the features of a schema that prost cannot represent.
//!
//! Only deliberate choices of the file's author are reported. In proto2 every enum is closed and no string is validated, so these are
//! not worth a warning there. Neither are custom options and custom features, which extend descriptors rather than messages.

use rgrpc_schema::Diagnostic;
use rgrpc_schema::descriptor::{FieldDescriptorProto, Type};
use rgrpc_schema::schema::{Cardinality, EnumId, Extension, Message, MessageId, Symbol};
use rgrpc_schema::source::{MessageStep, Path};

use super::decisions::Decisions;

/// Finds the unsupported features of a file: at most one diagnostic per kind, at the first occurrence.
pub(super) fn find(decisions: &Decisions<'_>, file: usize) -> Vec<Diagnostic> {
    let checks = [extension_range, extension, message_set, closed_enum, unchecked_string, mapped];
    let source = decisions.schema.source(file);
    let warn = |loss: Loss| Diagnostic::at(source.position(&loss.path), loss.message).help(loss.help);
    checks.into_iter().filter_map(|check| check(decisions, file)).map(warn).collect()
}

/// The messages of a file that drop unknown fields.
fn dropping<'a>(decisions: &'a Decisions<'_>, file: usize) -> impl Iterator<Item = &'a Message<'a>> {
    let Decisions { schema, unknown_fields, .. } = decisions;
    schema.files[file].messages.clone().filter(|&id| !unknown_fields.kept_by(id)).map(|id| &schema.messages[id])
}

/// A feature that is lost in Rust.
struct Loss {
    path: Path,
    message: String,
    help: String,
}

fn extension_range(decisions: &Decisions<'_>, file: usize) -> Option<Loss> {
    let message = dropping(decisions, file)
        .find(|message| !message.descriptor.extension_range.is_empty() && !message.descriptor.is_message_set())?;
    Some(Loss {
        path: message.at.path.clone(),
        message: format!(
            "message `{}` allows extensions, which prost drops when it decodes",
            message.descriptor.name()
        ),
        help: how_to_keep(message),
    })
}

/// The help that tells how a message keeps unknown fields.
fn how_to_keep(message: &Message<'_>) -> String {
    format!("set `unknown_fields={}` to keep them", message.at.full_name)
}

fn extension(decisions: &Decisions<'_>, file: usize) -> Option<Loss> {
    let Decisions { schema, unknown_fields, externs, .. } = decisions;
    let is_lost = |&id: &usize| {
        let Extension { descriptor, at, .. } = &schema.extensions[id];
        let has_constant = unknown_fields.extension_constants(id..id + 1).next().is_some();
        !is_custom_option(descriptor) && !externs.contains(&at.full_name) && !has_constant
    };
    let extension = &schema.extensions[schema.files[file].extensions.clone().find(is_lost)?];
    let (name, extendee) = (extension.descriptor.name(), extension.descriptor.extendee().trim_start_matches('.'));
    Some(Loss {
        path: extension.at.path.clone(),
        message: format!("extension `{name}` of `{extendee}` is not generated: prost has no extensions"),
        help: format!(
            "set `unknown_fields=.{extendee}` to generate a constant for it, where `{extendee}` is generated"
        ),
    })
}

fn is_custom_option(extension: &FieldDescriptorProto<'_>) -> bool {
    let extendee = extension.extendee().strip_prefix(".google.protobuf.");
    extendee.is_some_and(|name| name == "FeatureSet" || name.ends_with("Options"))
}

fn message_set(decisions: &Decisions<'_>, file: usize) -> Option<Loss> {
    let message = dropping(decisions, file).find(|message| message.descriptor.is_message_set())?;
    Some(Loss {
        path: message.at.path.clone(),
        message: format!(
            "message `{}` is a MessageSet, whose items prost drops when it decodes",
            message.descriptor.name()
        ),
        help: how_to_keep(message),
    })
}

fn closed_enum(decisions: &Decisions<'_>, file: usize) -> Option<Loss> {
    let Decisions { schema, unknown_fields, .. } = decisions;
    let file = &schema.files[file];
    file.descriptor.edition?;
    let is_open = |&id: &EnumId| schema.enums[id].features.closed() && !unknown_fields.closes(id);
    let enumeration = &schema.enums[file.enums.clone().find(is_open)?];
    Some(Loss {
        path: enumeration.at.path.clone(),
        message: format!(
            "enum `{}` is closed, but prost stores unknown values in the field",
            enumeration.descriptor.name()
        ),
        help: "expect any number in the field, or set `unknown_fields` for every message with such a field".to_owned(),
    })
}

fn unchecked_string(decisions: &Decisions<'_>, file: usize) -> Option<Loss> {
    let Decisions { schema, .. } = decisions;
    let file = &schema.files[file];
    file.descriptor.edition?;
    let mut fields = file.messages.clone().flat_map(|message| {
        let fields = schema.messages[message].descriptor.field.iter().enumerate();
        fields.map(move |(index, field)| ((message, index), field))
    });
    let ((message, index), field) =
        fields.find(|&(id, field)| field.r#type() == Type::String && !schema.features_of(id).verifies_utf8())?;
    Some(Loss {
        path: schema.messages[message].at.path.in_message(MessageStep::Field, index),
        message: format!(
            "string `{}` may hold bytes that are not UTF-8, which prost rejects when it decodes",
            field.name()
        ),
        help: "use `bytes`, or remove `features.utf8_validation = NONE`".to_owned(),
    })
}

/// A mapped message that may drop unknown fields, although a message that keeps them, or a method that is to transfer them, has it as
/// the type of a field, a request or a response.
fn mapped(decisions: &Decisions<'_>, file: usize) -> Option<Loss> {
    let Decisions { schema, externs, .. } = decisions;
    let (path, holder, held, rust) = held_messages(decisions, file).find_map(|(path, holder, held)| {
        Some((path, holder, held, externs.resolve(&schema.messages[held].at.full_name)?))
    })?;
    let held = &schema.messages[held].at;
    let name = held.display_name();
    let message = format!("{holder} `{name}`, but its Rust type `{rust}` drops unknown fields");
    Some(if externs.is_mapped_by_user(&held.full_name) {
        Loss {
            path,
            message: format!("{message} unless it was generated with `unknown_fields`"),
            help: format!("generate `{name}` with the option `unknown_fields` too"),
        }
    } else {
        let file = schema.file_of(held).name();
        Loss {
            path,
            message,
            help: format!("set `compile_well_known_types` to generate it; with protoc or buf, also list `{file}`"),
        }
    })
}

/// The messages that are to keep unknown fields in the declarations of a file, each with the place and the words for its holder.
fn held_messages<'a>(
    decisions: &'a Decisions<'_>,
    file: usize,
) -> impl Iterator<Item = (Path, String, MessageId)> + use<'a> {
    let Decisions { schema, unknown_fields, options, .. } = decisions;
    let message_of = |symbol| if let Some(Symbol::Message(message)) = symbol { Some(message) } else { None };
    let file = &schema.files[file];
    let messages = file.messages.clone().filter(|&id| unknown_fields.kept_by(id));
    let fields = messages.flat_map(|id| (0..schema.messages[id].descriptor.field.len()).map(move |index| (id, index)));
    let fields = fields.filter_map(move |id| {
        let (field, at) = (schema.field(id), &schema.messages[id.0].at);
        let held = match field.cardinality {
            Cardinality::Map(entry) => schema.value_of(entry)?.symbol,
            _ => field.symbol,
        };
        let path = at.path.in_message(MessageStep::Field, id.1);
        Some((path, format!("field `{}` holds", field.descriptor.name()), message_of(held)?))
    });
    let extensions = unknown_fields.extension_constants(file.extensions.clone()).filter_map(move |id| {
        let (extension, at) = (schema.extension(id), &schema.extensions[id].at);
        let holder = format!("extension `{}` holds", extension.descriptor.name());
        Some((at.path.clone(), holder, message_of(extension.symbol)?))
    });
    let services = file.services.clone().map(|id| &schema.services[id]);
    let methods = services.flat_map(|service| {
        let methods = service.descriptor.method.iter().enumerate();
        methods.flat_map(|(index, method)| {
            let types = [("takes", method.input_type()), ("returns", method.output_type())];
            types.map(|(verb, ty)| (service.at.path.method(index), format!("method `{}` {verb}", method.name()), ty))
        })
    });
    let methods = methods.filter(|(.., ty)| options.unknown_fields.select(&[ty]));
    let methods = methods.filter_map(move |(path, holder, ty)| Some((path, holder, message_of(schema.resolve(ty))?)));
    fields.chain(extensions).chain(methods)
}

#[cfg(test)]
mod tests;
