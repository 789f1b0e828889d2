//! What prost cannot keep of a schema: a file goes in, warnings with the first place of each kind come out.
//!
//! Only what the author of the file chose is reported. proto2 makes every enum closed and every string unchecked, so
//! there they are no news; nor are custom options and features, which extend descriptors and not messages.

use crate::descriptor::google::protobuf::feature_set::{EnumType, Utf8Validation};
use crate::descriptor::google::protobuf::field_descriptor_proto::Type;
use crate::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, FeatureSet, FieldDescriptorProto, FileDescriptorProto, MessageOptions,
};
use crate::schema::features;
use crate::source::{MessageStep, Path, Source, Step};
use rgrpc_schema::Diagnostic;

/// What prost cannot keep: at most one warning per kind and file, at the first place.
pub(super) fn limits(file: &FileDescriptorProto, source: &Source<'_>) -> Vec<Diagnostic> {
    let file_features = features::of_file(file);
    let mut messages = Vec::new();
    for (index, message) in file.message_type.iter().enumerate() {
        collect(message, &Path::file(Step::Message, index), &file_features, &mut messages);
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
fn collect<'a>(descriptor: &'a DescriptorProto, path: &Path, scope: &FeatureSet, found: &mut Vec<Message<'a>>) {
    let features = features::of_message(descriptor, scope);
    found.push(Message { descriptor, path: path.clone(), features });
    for (index, nested) in descriptor.nested_type.iter().enumerate() {
        collect(nested, &path.in_message(MessageStep::Nested, index), &features, found);
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
    let in_file = file.extension.iter().enumerate().map(|(index, field)| (Path::file(Step::Extension, index), field));
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
    let extendee = extension.extendee().strip_prefix(".google.protobuf.");
    extendee.is_some_and(|name| name == "FeatureSet" || name.ends_with("Options"))
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
    message.options.as_deref().is_some_and(MessageOptions::message_set_wire_format)
}

fn closed_enum(file: &FileDescriptorProto, features: &FeatureSet, messages: &[Message<'_>]) -> Option<Limit> {
    file.edition?;
    let in_file = file
        .enum_type
        .iter()
        .enumerate()
        .map(|(index, enumeration)| (Path::file(Step::Enum, index), enumeration, features));
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

#[cfg(test)]
mod tests {
    use super::super::testing::{enumeration, field, file, message};
    use super::*;
    use crate::descriptor::google::protobuf::FileOptions;
    use crate::descriptor::google::protobuf::descriptor_proto::ExtensionRange;
    use crate::source::Location;

    fn check(file: &FileDescriptorProto, expected: &[&str]) {
        let warnings: Vec<String> = limits(file, &Source::new(file))
            .into_iter()
            .map(|warning| format!("{}: {}", warning.position.unwrap(), warning.message))
            .collect();
        assert_eq!(warnings, expected);
    }

    fn extended(name: &str) -> DescriptorProto {
        DescriptorProto { extension_range: vec![ExtensionRange::default()], ..message(name, Vec::new()) }
    }

    fn extension(extendee: &str) -> FieldDescriptorProto {
        FieldDescriptorProto { extendee: Some(extendee.to_owned()), ..field("mark", Type::Int32) }
    }

    /// A file of edition 2023 that chose proto2's features.
    fn proto2_like() -> FileDescriptorProto {
        let mut features = FeatureSet::default();
        features.set_enum_type(EnumType::Closed);
        features.set_utf8_validation(Utf8Validation::None);
        FileDescriptorProto {
            options: Some(FileOptions { features: Some(features), ..FileOptions::default() }),
            ..file("1000", Vec::new(), Vec::new())
        }
    }

    #[test]
    fn only_the_first_place_of_a_kind_is_reported() {
        let outer = DescriptorProto { nested_type: vec![extended("Inner")], ..message("Outer", Vec::new()) };
        check(
            &file("proto2", vec![outer, extended("Later")], Vec::new()),
            &["t.proto: message `Inner` allows extensions, which prost drops when it decodes"],
        );
    }

    #[test]
    fn the_position_is_that_of_the_name() {
        let location = Location { path: vec![4, 0, 1], span: vec![6, 8, 16], ..Location::default() };
        let file = FileDescriptorProto {
            source_code_info: Some(location.into()),
            ..file("proto2", vec![extended("M")], Vec::new())
        };
        check(&file, &["t.proto:7:9: message `M` allows extensions, which prost drops when it decodes"]);
    }

    #[test]
    fn an_extension_is_reported_and_a_custom_option_is_not() {
        let options = [".google.protobuf.FieldOptions", ".google.protobuf.FeatureSet"].map(extension).to_vec();
        let options = DescriptorProto { extension: options, ..message("M", Vec::new()) };
        check(&file("proto3", vec![options], Vec::new()), &[]);
        let file = FileDescriptorProto { extension: vec![extension(".a.M")], ..file("1001", Vec::new(), Vec::new()) };
        check(&file, &["t.proto: extension `mark` of `a.M` is not generated: prost has no extensions"]);
    }

    #[test]
    fn a_message_set_is_not_also_reported_as_extended() {
        let mut message = extended("Set");
        message.options.get_or_insert_default().message_set_wire_format = Some(true);
        check(
            &file("proto2", vec![message], Vec::new()),
            &["t.proto: message `Set` is a MessageSet, whose items prost drops when it decodes"],
        );
    }

    #[test]
    fn closed_enums_and_unchecked_strings_are_reported_where_they_were_chosen() {
        let messages = vec![message("M", vec![field("text", Type::String)])];
        let enums = vec![enumeration("E", &["ZERO"])];
        check(&file("proto2", messages.clone(), enums.clone()), &[]);
        check(&file("1000", messages.clone(), enums.clone()), &[]);
        check(
            &FileDescriptorProto { message_type: messages, enum_type: enums, ..proto2_like() },
            &[
                "t.proto: enum `E` is closed, but prost keeps values it does not know in the field",
                "t.proto: string `text` need not be UTF-8, but prost refuses to decode a message where it is not",
            ],
        );
    }
}
