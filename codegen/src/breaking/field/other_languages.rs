//! Options of fields that the generators of C++, Java and JavaScript read.

use super::super::elements::Field;
use super::super::report::Report;
use super::{OPTIONS, Pair, strings};
use crate::descriptor::google::protobuf::feature_set::Utf8Validation;
use crate::descriptor::google::protobuf::field_descriptor_proto::Type;
use crate::descriptor::google::protobuf::field_options::JsType;
use crate::descriptor::google::protobuf::{Edition, FieldOptions};

/// Field numbers of `FieldOptions`.
const CTYPE: i32 = 1;
const JSTYPE: i32 = 6;

/// A string piece may become a string.
pub(in super::super) fn same_cpp_string_type(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let texts = pair.map(|field| matches!(field.kind(), Type::String | Type::Bytes));
    let ty = pair.map(|field| cpp_string_type(field));
    let may_change = (ty.old, ty.new) == ("STRING_PIECE", "STRING");
    if texts.old && texts.new && !(pair.old.in_map && pair.new.in_map) && ty.differ() && !may_change {
        let message = format!("{} changed its type in C++ from {} to {}", pair.new.shown(), ty.old, ty.new);
        report.changed_at(pair, &[OPTIONS, CTYPE], message);
    }
}

/// The option `ctype`, which editions have until 2023, or else the feature `(pb.cpp).string_type`.
fn cpp_string_type(field: &Field<'_>) -> &'static str {
    let is_2024 = field.file.edition.is_some_and(|edition| edition >= Edition::Edition2024 as i32);
    let ctype = field.proto.options.as_ref().filter(|options| options.ctype.is_some() && !is_2024);
    if let Some(options) = ctype {
        return options.ctype().as_str_name();
    }
    match field.custom_features.cpp_string_type {
        Some(1) => "VIEW",
        Some(2) => "CORD",
        None if is_2024 => "VIEW",
        _ => "STRING",
    }
}

pub(in super::super) fn same_jstype(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let integers = pair.map(|field| {
        matches!(field.kind(), Type::Int64 | Type::Sint64 | Type::Uint64 | Type::Fixed64 | Type::Sfixed64)
    });
    let jstype = pair.map(|field| field.proto.options.as_deref().map_or(JsType::JsNormal, FieldOptions::jstype));
    if integers.old && integers.new && jstype.differ() {
        let (from, to) = (jstype.old.as_str_name(), jstype.new.as_str_name());
        let message = format!("{} changed its type in JavaScript from {from} to {to}", pair.new.shown());
        report.changed_at(pair, &[OPTIONS, JSTYPE], message);
    }
}

pub(in super::super) fn same_java_utf8_validation(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let validation = pair.map(|field| java_utf8_validation(field).as_str_name());
    if strings(pair) && validation.differ() {
        let (from, to) = (validation.old, validation.new);
        report
            .changed(pair, format!("{} changed its validation of UTF-8 in Java from {from} to {to}", pair.new.shown()));
    }
}

/// What the option `java_string_check_utf8` or the feature `(pb.java).utf8_validation` asks for in Java, or else what holds
/// in every language.
fn java_utf8_validation(field: &Field<'_>) -> Utf8Validation {
    const VERIFY: i32 = 2;
    let option = field.file.options.as_ref().and_then(|options| options.java_string_check_utf8);
    let is_asked = option.unwrap_or(field.custom_features.java_utf8_validation == Some(VERIFY));
    if is_asked { Utf8Validation::Verify } else { field.features.utf8_validation() }
}
