//! The rules about options that only the generators for C++, Java and JavaScript read.

use rgrpc_schema::descriptor::{Options, Type};
use rgrpc_schema::schema::editions::EDITION_2024;
use rgrpc_schema::tags::field::OPTIONS;

use super::super::elements::DeclaredField;
use super::super::report::Report;
use super::pair::{FieldPair, strings, validation};

/// Field numbers in `FieldOptions`.
const CTYPE: i32 = 1;
const JSTYPE: i32 = 6;

/// Compares the string types in C++. A string piece may become a string.
pub(in super::super) fn same_cpp_string_type(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let texts = pair.map(|field| matches!(field.ty(), Type::String | Type::Bytes));
    let ty = pair.map(|field| cpp_string_type(field));
    let may_change = (ty.old, ty.new) == ("STRING_PIECE", "STRING");
    if texts.old && texts.new && !(pair.old.is_in_map() && pair.new.is_in_map()) && ty.differ() && !may_change {
        let message = format!("{} changed its type in C++ from {} to {}", pair.new.display_name(), ty.old, ty.new);
        report.changed_at(pair, &[OPTIONS, CTYPE], message);
    }
}

/// The string type in C++: the option `ctype`, which edition 2024 removed, or else the feature `(pb.cpp).string_type`.
fn cpp_string_type(field: &DeclaredField<'_>) -> &'static str {
    const STRING_TYPE: i32 = 2;
    let is_2024 = field.file().edition.is_some_and(|edition| edition >= EDITION_2024);
    match field.descriptor.options.number(CTYPE).filter(|_| !is_2024) {
        Some(1) => return "CORD",
        Some(2) => return "STRING_PIECE",
        Some(_) => return "STRING",
        None => {}
    }
    match custom_feature(field, CPP, STRING_TYPE) {
        Some(1) => "VIEW",
        Some(2) => "CORD",
        None if is_2024 => "VIEW",
        _ => "STRING",
    }
}

pub(in super::super) fn same_jstype(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let integers = pair
        .map(|field| matches!(field.ty(), Type::Int64 | Type::Sint64 | Type::Uint64 | Type::Fixed64 | Type::Sfixed64));
    let jstype = pair.map(|field| match field.descriptor.options.number(JSTYPE) {
        Some(1) => "JS_STRING",
        Some(2) => "JS_NUMBER",
        _ => "JS_NORMAL",
    });
    if integers.old && integers.new && jstype.differ() {
        let (from, to) = (jstype.old, jstype.new);
        let message = format!("{} changed its type in JavaScript from {from} to {to}", pair.new.display_name());
        report.changed_at(pair, &[OPTIONS, JSTYPE], message);
    }
}

pub(in super::super) fn same_java_utf8_validation(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let validation = pair.map(|field| validation(verifies_utf8_in_java(field)));
    if strings(pair) && validation.differ() {
        let (from, to) = (validation.old, validation.new);
        report.changed(
            pair,
            format!("{} changed its UTF-8 validation in Java from {from} to {to}", pair.new.display_name()),
        );
    }
}

/// Whether Java verifies UTF-8: by the option `java_string_check_utf8`, by the feature `(pb.java).utf8_validation`, or as every language
/// does.
fn verifies_utf8_in_java(field: &DeclaredField<'_>) -> bool {
    const JAVA_STRING_CHECK_UTF8: i32 = 27;
    const UTF8_VALIDATION: i32 = 2;
    const VERIFY: i32 = 2;
    let option = field.file().options.flag(JAVA_STRING_CHECK_UTF8);
    let is_set = option.unwrap_or_else(|| custom_feature(field, JAVA, UTF8_VALIDATION) == Some(VERIFY));
    is_set || field.features.verifies_utf8()
}

/// The numbers of the extensions `pb.cpp` and `pb.java` of `google.protobuf.FeatureSet`. Source: `google/protobuf/cpp_features.proto`
/// and `google/protobuf/java_features.proto`.
const CPP: i32 = 1000;
const JAVA: i32 = 1001;

/// The value of a custom feature on a field, or else on its file. The value 0, `..._UNKNOWN`, counts as unset. Only files of an edition
/// have features.
fn custom_feature(field: &DeclaredField<'_>, language: i32, feature: i32) -> Option<i32> {
    const OF_FIELD: i32 = 21;
    const OF_FILE: i32 = 50;
    let value = |options: Options<'_>, features: i32| {
        options.message(features).message(language).number(feature).filter(|&value| value != 0)
    };
    field.file().edition?;
    value(field.descriptor.options, OF_FIELD).or_else(|| value(field.file().options, OF_FILE))
}
