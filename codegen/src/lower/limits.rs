//! What prost cannot keep of a schema: a file goes in, warnings with the first place of each kind come out.
//!
//! Only what the author of the file chose is reported. proto2 makes every enum closed and every string unchecked, so
//! there they are no news; nor are custom options and features, which extend descriptors and not messages.

use super::Decisions;
use rgrpc_schema::Diagnostic;
use rgrpc_schema::descriptor::{FieldDescriptorProto, Type};
use rgrpc_schema::schema::{EnumId, Extension, Message, Symbol};
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
    let Decisions { schema, kept, .. } = decided;
    let is_lost = |extension: &Extension<'_>| {
        let extendee = schema.message(extension.descriptor.extendee());
        !is_custom_option(&extension.descriptor) && !extendee.is_some_and(|extendee| kept.keeps(extendee))
    };
    let extension = schema.extensions[schema.files[file].extensions.clone()].iter().find(|it| is_lost(it))?;
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
        let Some(Symbol::Message(held)) = schema.field(id).symbol else { return None };
        let held = &schema.messages[held].at;
        Some((id, held.shown(), externs.resolve(&held.full_name)?))
    })?;
    let place = &schema.messages[message];
    Some(Limit {
        path: place.at.path.in_message(MessageStep::Field, index),
        message: format!(
            "field `{}` holds `{held}`, which is `{rust}` and drops what it does not declare unless it was generated with `unknown_fields`",
            place.descriptor.field[index].name()
        ),
        help: if rust.contains("prost_types") {
            "the option `compile_well_known_types` generates it".to_owned()
        } else {
            format!("generate `{held}` with the option `unknown_fields` as well")
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, enumeration, field, file, message};
    use super::limits;
    use crate::options::Options;
    use testdata::descriptor::google::protobuf::descriptor_proto::ExtensionRange;
    use testdata::descriptor::google::protobuf::feature_set::{EnumType, Utf8Validation};
    use testdata::descriptor::google::protobuf::field_descriptor_proto::Type;
    use testdata::descriptor::google::protobuf::source_code_info::Location;
    use testdata::descriptor::google::protobuf::{
        DescriptorProto, FeatureSet, FieldDescriptorProto, FileDescriptorProto, FileOptions, SourceCodeInfo,
    };

    #[track_caller]
    fn check(file: &FileDescriptorProto, expected: &[&str]) {
        check_with("", file, expected);
    }

    #[track_caller]
    fn check_with(options: &str, file: &FileDescriptorProto, expected: &[&str]) {
        let options = Options::parse(options).unwrap();
        testing::with_options(std::slice::from_ref(file), &options, |decided| {
            let warnings = limits(decided, 0).into_iter();
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
    fn the_option_unknown_fields_takes_the_reasons_away() {
        let mut set = extended("Set");
        set.options.get_or_insert_default().message_set_wire_format = Some(true);
        let file = file("proto2", vec![extended("Kept"), set], Vec::new());
        check_with("unknown_fields=.", &file, &[]);
        check_with(
            "unknown_fields=.t.Kept",
            &file,
            &["t.proto: message `Set` is a MessageSet, whose items prost drops when it decodes"],
        );
    }

    #[test]
    fn an_enum_is_closed_if_all_that_hold_it_keep_what_is_unknown() {
        let holder = |name| message(name, vec![testing::field_of("e", Type::Enum, ".t.E")]);
        let mut features = FeatureSet::default();
        features.set_enum_type(EnumType::Closed);
        let file = FileDescriptorProto {
            options: Some(FileOptions { features: Some(features), ..FileOptions::default() }),
            ..file("1000", vec![holder("One"), holder("Two")], vec![enumeration("E", &["ZERO"])])
        };
        let open = "t.proto: enum `E` is closed, but prost keeps values it does not know in the field";
        check(&file, &[open]);
        check_with("unknown_fields=.", &file, &[]);
        check_with("unknown_fields=.t.One", &file, &[open]);
    }

    #[test]
    fn what_exists_elsewhere_still_drops_what_it_does_not_declare() {
        let file = file(
            "proto3",
            vec![message("M", vec![testing::field_of("n", Type::Message, ".t.N")]), message("N", Vec::new())],
            Vec::new(),
        );
        check_with("extern_path=.t.N=::n::N", &file, &[]);
        check_with(
            "extern_path=.t.N=::n::N,unknown_fields=.t.M",
            &file,
            &[
                "t.proto: field `n` holds `t.N`, which is `::n::N` and drops what it does not declare unless it was generated with `unknown_fields`",
            ],
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
