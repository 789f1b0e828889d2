//! What prost cannot keep of a schema: a file goes in, warnings with the first place of each kind come out.
//!
//! Only what the author of the file chose is reported. proto2 makes every enum closed and every string unchecked, so
//! there they are no news; nor are custom options and features, which extend descriptors and not messages.

use rgrpc_schema::Diagnostic;
use rgrpc_schema::descriptor::{FieldDescriptorProto, Type};
use rgrpc_schema::schema::Schema;
use rgrpc_schema::source::{MessageStep, Path};

/// What prost cannot keep: at most one warning per kind and file, at the first place.
pub(super) fn limits(schema: &Schema<'_>, file: usize) -> Vec<Diagnostic> {
    let checks = [extension_range, extension, message_set, closed_enum, unchecked_string];
    let source = schema.source(file);
    let warn = |limit: Limit| Diagnostic::at(source.position(&limit.path), limit.message).help(limit.help);
    checks.into_iter().filter_map(|check| check(schema, file)).map(warn).collect()
}

struct Limit {
    path: Path,
    message: String,
    help: &'static str,
}

fn extension_range(schema: &Schema<'_>, file: usize) -> Option<Limit> {
    let mut messages = schema.messages[schema.files[file].messages.clone()].iter();
    let message = messages
        .find(|message| !message.descriptor.extension_range.is_empty() && !message.descriptor.is_message_set())?;
    Some(Limit {
        path: message.at.path.clone(),
        message: format!(
            "message `{}` allows extensions, which prost drops when it decodes",
            message.descriptor.name()
        ),
        help: "declare what has to survive as fields, or as a field of type `google.protobuf.Any`",
    })
}

fn extension(schema: &Schema<'_>, file: usize) -> Option<Limit> {
    let mut extensions = schema.extensions[schema.files[file].extensions.clone()].iter();
    let extension = extensions.find(|extension| !is_custom_option(&extension.descriptor))?;
    let (name, extendee) = (extension.descriptor.name(), extension.descriptor.extendee().trim_start_matches('.'));
    Some(Limit {
        path: extension.at.path.clone(),
        message: format!("extension `{name}` of `{extendee}` is not generated: prost has no extensions"),
        help: "declare what has to survive as fields, or as a field of type `google.protobuf.Any`",
    })
}

fn is_custom_option(extension: &FieldDescriptorProto<'_>) -> bool {
    let extendee = extension.extendee().strip_prefix(".google.protobuf.");
    extendee.is_some_and(|name| name == "FeatureSet" || name.ends_with("Options"))
}

fn message_set(schema: &Schema<'_>, file: usize) -> Option<Limit> {
    let mut messages = schema.messages[schema.files[file].messages.clone()].iter();
    let message = messages.find(|message| message.descriptor.is_message_set())?;
    Some(Limit {
        path: message.at.path.clone(),
        message: format!(
            "message `{}` is a MessageSet, whose items prost drops when it decodes",
            message.descriptor.name()
        ),
        help: "use a field of type `google.protobuf.Any` instead",
    })
}

fn closed_enum(schema: &Schema<'_>, file: usize) -> Option<Limit> {
    let file = &schema.files[file];
    file.descriptor.edition?;
    let enumeration = schema.enums[file.enums.clone()].iter().find(|enumeration| enumeration.features.closed())?;
    Some(Limit {
        path: enumeration.at.path.clone(),
        message: format!(
            "enum `{}` is closed, but prost keeps values it does not know in the field",
            enumeration.descriptor.name()
        ),
        help: "expect any number in the field, or remove `features.enum_type = CLOSED`",
    })
}

fn unchecked_string(schema: &Schema<'_>, file: usize) -> Option<Limit> {
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
        help: "use `bytes`, or remove `features.utf8_validation = NONE`",
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, enumeration, field, file, message};
    use super::limits;
    use testdata::descriptor::google::protobuf::descriptor_proto::ExtensionRange;
    use testdata::descriptor::google::protobuf::feature_set::{EnumType, Utf8Validation};
    use testdata::descriptor::google::protobuf::field_descriptor_proto::Type;
    use testdata::descriptor::google::protobuf::source_code_info::Location;
    use testdata::descriptor::google::protobuf::{
        DescriptorProto, FeatureSet, FieldDescriptorProto, FileDescriptorProto, FileOptions, SourceCodeInfo,
    };

    fn check(file: &FileDescriptorProto, expected: &[&str]) {
        testing::with_decisions(std::slice::from_ref(file), |decided| {
            let warnings = limits(decided.schema, 0).into_iter();
            let warnings = warnings.map(|warning| format!("{}: {}", warning.position.unwrap(), warning.message));
            assert_eq!(warnings.collect::<Vec<_>>(), expected);
        });
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
            source_code_info: Some(SourceCodeInfo { location: vec![location] }),
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
