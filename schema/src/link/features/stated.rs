//! The features that an element sets, by its option `features` or by a label, a group or `packed`.

use super::super::elements::Element;
use crate::features::{EDITION_2023, Features, PROTO2, PROTO3};
use crate::file::{FieldDecl, Kind, Label, Syntax};
use crate::{tags, wire};

pub(super) const NAMES: [&str; 10] = [
    "",
    "field_presence",
    "enum_type",
    "repeated_field_encoding",
    "utf8_validation",
    "message_encoding",
    "json_format",
    "enforce_naming_style",
    "default_symbol_visibility",
    "enforce_proto_limits",
];

/// Returns the number of a syntax in `google.protobuf.Edition`.
pub(in super::super) fn edition(syntax: Syntax) -> i32 {
    match syntax {
        Syntax::Proto2 => PROTO2,
        Syntax::Proto3 => PROTO3,
        Syntax::Edition(edition) => edition,
    }
}

/// Returns the number of the field `features` in the options of an element.
pub(super) fn field_number(element: Element<'_>) -> i32 {
    match element {
        Element::File(_) => tags::file_options::FEATURES,
        Element::Message(..) => tags::message_options::FEATURES,
        Element::Field(_) | Element::Extension(_) => tags::field_options::FEATURES,
        Element::Oneof(_) => tags::oneof_options::FEATURES,
        Element::Enum(_) => tags::enum_options::FEATURES,
        Element::Value(_) => tags::enum_value_options::FEATURES,
        Element::Range(_) => tags::range_options::FEATURES,
        Element::Service(_) => tags::service_options::FEATURES,
        Element::Method(_) => tags::method_options::FEATURES,
    }
}

/// Returns the features that an element sets itself; `None` if it has no option `features`.
pub(in super::super) fn own(element: Element<'_>, options: &[u8]) -> Option<Features> {
    let sets = wire::payloads(options, field_number(element));
    sets.map(Features::read).fold(None, |all, set| Some(all.unwrap_or_default().merge(set)))
}

/// Returns the features that labels, groups and the option `packed` stand for in proto2 and proto3.
pub(in super::super) fn inferred(field: Option<&FieldDecl>, options: &[u8], edition: i32) -> Features {
    let Some(field) = field.filter(|_| edition < EDITION_2023) else { return Features::default() };
    let required = field.label.is_some_and(|label| label.value == Label::Required);
    // protoc maps `packed = true` to a feature, and `packed = false` only in proto3.
    let packed = wire::last_varint(options, tags::field_options::PACKED)
        .map(|packed| packed != 0)
        .filter(|packed| *packed || edition == PROTO3);
    Features::from_legacy(required, false, field.kind == Some(Kind::Group), packed)
}
