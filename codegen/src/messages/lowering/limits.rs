//! What prost cannot keep of a schema: a file goes in, warnings with the first place of each kind come out.
//!
//! Only what the author of the file chose is reported. proto2 makes every enum closed and every string unchecked, so
//! there they are no news; nor are custom options, which are extensions of descriptors and not of messages.

use super::features;
use crate::descriptor::google::protobuf::feature_set::{EnumType, Utf8Validation};
use crate::descriptor::google::protobuf::field_descriptor_proto::Type;
use crate::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, FeatureSet, FieldDescriptorProto, FileDescriptorProto, MessageOptions,
};
use crate::errors::Diagnostic;
use crate::source::{MessageStep, Path, Source, Step};

/// What prost cannot keep: at most one warning per kind and file, at the first place.
pub(crate) fn limits(file: &FileDescriptorProto, source: &Source<'_>) -> Vec<Diagnostic> {
    let file_features = features::of_file(file);
    let mut messages = Vec::new();
    for (index, message) in file.message_type.iter().enumerate() {
        collect(message, Path::file(Step::FileMessage, index), &file_features, &mut messages);
    }
    let found = [
        extension_range(&messages),
        extension(file, &messages),
        message_set(&messages),
        closed_enum(file, &file_features, &messages),
        unchecked_string(file, &messages),
    ];
    let warn = |limit: Limit| Diagnostic::at(source.position(&limit.path), limit.message).help(limit.help);
    found.into_iter().flatten().map(warn).collect()
}

struct Limit {
    path: Path,
    message: String,
    help: &'static str,
}

struct Message<'a> {
    descriptor: &'a DescriptorProto,
    path: Path,
    features: FeatureSet,
}

/// Every message of the file, each before those nested in it.
fn collect<'a>(descriptor: &'a DescriptorProto, path: Path, scope: &FeatureSet, found: &mut Vec<Message<'a>>) {
    let features = features::of_message(descriptor, scope);
    found.push(Message { descriptor, path: path.clone(), features });
    for (index, nested) in descriptor.nested_type.iter().enumerate() {
        collect(nested, path.in_message(MessageStep::Nested, index), &features, found);
    }
}

fn extension_range(messages: &[Message<'_>]) -> Option<Limit> {
    let extended =
        |message: &&Message<'_>| !message.descriptor.extension_range.is_empty() && !is_message_set(message.descriptor);
    let message = messages.iter().find(extended)?;
    Some(Limit {
        path: message.path.clone(),
        message: format!(
            "message `{}` allows extensions, which prost drops when it decodes",
            message.descriptor.name()
        ),
        help: "declare what has to survive as fields, or as a field of type `google.protobuf.Any`",
    })
}

fn extension(file: &FileDescriptorProto, messages: &[Message<'_>]) -> Option<Limit> {
    let in_file =
        file.extension.iter().enumerate().map(|(index, field)| (Path::file(Step::FileExtension, index), field));
    let in_messages = messages.iter().flat_map(|message| {
        let extensions = message.descriptor.extension.iter().enumerate();
        extensions.map(|(index, field)| (message.path.in_message(MessageStep::Extension, index), field))
    });
    let (path, extension) = in_file.chain(in_messages).find(|(_, extension)| !is_custom_option(extension))?;
    let (name, extendee) = (extension.name(), extension.extendee().trim_start_matches('.'));
    Some(Limit {
        path,
        message: format!("extension `{name}` of `{extendee}` is not generated: prost has no extensions"),
        help: "declare what has to survive as fields, or as a field of type `google.protobuf.Any`",
    })
}

fn is_custom_option(extension: &FieldDescriptorProto) -> bool {
    extension.extendee().strip_prefix(".google.protobuf.").is_some_and(|name| name.ends_with("Options"))
}

fn message_set(messages: &[Message<'_>]) -> Option<Limit> {
    let message = messages.iter().find(|message| is_message_set(message.descriptor))?;
    Some(Limit {
        path: message.path.clone(),
        message: format!(
            "message `{}` is a MessageSet, whose items prost drops when it decodes",
            message.descriptor.name()
        ),
        help: "use a field of type `google.protobuf.Any` instead",
    })
}

fn is_message_set(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(MessageOptions::message_set_wire_format)
}

fn closed_enum(file: &FileDescriptorProto, features: &FeatureSet, messages: &[Message<'_>]) -> Option<Limit> {
    file.edition?;
    let in_file = file
        .enum_type
        .iter()
        .enumerate()
        .map(|(index, enumeration)| (Path::file(Step::FileEnum, index), enumeration, features));
    let in_messages = messages.iter().flat_map(|message| {
        let enums = message.descriptor.enum_type.iter().enumerate();
        enums.map(|(index, enumeration)| {
            (message.path.in_message(MessageStep::Enum, index), enumeration, &message.features)
        })
    });
    let closed = |(_, enumeration, scope): &(Path, &EnumDescriptorProto, &FeatureSet)| {
        features::of_enum(enumeration, scope).enum_type() == EnumType::Closed
    };
    let (path, enumeration, _) = in_file.chain(in_messages).find(closed)?;
    Some(Limit {
        path,
        message: format!(
            "enum `{}` is closed, but prost keeps values it does not know in the field",
            enumeration.name()
        ),
        help: "expect any number in the field, or remove `features.enum_type = CLOSED`",
    })
}

fn unchecked_string(file: &FileDescriptorProto, messages: &[Message<'_>]) -> Option<Limit> {
    file.edition?;
    let strings = messages.iter().flat_map(|message| {
        let fields = message.descriptor.field.iter().enumerate();
        fields.filter(|(_, field)| field.r#type() == Type::String).map(move |(index, field)| (message, index, field))
    });
    let unchecked = |(message, _, field): &(&Message<'_>, usize, &FieldDescriptorProto)| {
        features::of_field(field, &message.features).utf8_validation() == Utf8Validation::None
    };
    let (message, index, field) = { strings }.find(unchecked)?;
    Some(Limit {
        path: message.path.in_message(MessageStep::Field, index),
        message: format!(
            "string `{}` need not be UTF-8, but prost refuses to decode a message where it is not",
            field.name()
        ),
        help: "use `bytes`, or remove `features.utf8_validation = NONE`",
    })
}
