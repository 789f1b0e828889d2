//! Options of fields that the generators of C++, Java and JavaScript read.

use super::super::elements::Field;
use super::super::report::Report;
use super::{OPTIONS, Pair, strings};
use crate::descriptor::google::protobuf::feature_set::Utf8Validation;
use crate::descriptor::google::protobuf::field_descriptor_proto::Type;
use crate::descriptor::google::protobuf::field_options::{CType, JsType};
use crate::descriptor::google::protobuf::{FieldOptions, FileOptions};

/// Field numbers of `FieldOptions`.
const CTYPE: i32 = 1;
const JSTYPE: i32 = 6;

/// A string piece may become a string.
pub(in super::super) fn same_cpp_string_type(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let texts = pair.map(|field| matches!(field.kind(), Type::String | Type::Bytes));
    let ctype = pair.map(|field| field.proto.options.as_ref().map_or(CType::String, FieldOptions::ctype));
    let may_change = (ctype.old, ctype.new) == (CType::StringPiece, CType::String);
    if texts.old && texts.new && !(pair.old.in_map && pair.new.in_map) && ctype.differ() && !may_change {
        let (from, to) = (ctype.old.as_str_name(), ctype.new.as_str_name());
        let message = format!("{} changed its type in C++ from {from} to {to}", pair.new.shown());
        report.changed_at(pair, &[OPTIONS, CTYPE], message);
    }
}

pub(in super::super) fn same_jstype(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let integers = pair.map(|field| {
        matches!(field.kind(), Type::Int64 | Type::Sint64 | Type::Uint64 | Type::Fixed64 | Type::Sfixed64)
    });
    let jstype = pair.map(|field| field.proto.options.as_ref().map_or(JsType::JsNormal, FieldOptions::jstype));
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

/// What the file asks for in Java, or else what the field asks for in every language.
fn java_utf8_validation(field: &Field<'_>) -> Utf8Validation {
    let asked = field.file.options.as_ref().is_some_and(FileOptions::java_string_check_utf8);
    if asked { Utf8Validation::Verify } else { field.features.utf8_validation() }
}
