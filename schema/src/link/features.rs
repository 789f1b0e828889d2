//! The features of elements: defaults of the edition, what parents set, what an element sets itself.

mod resolve;

pub(super) use resolve::resolve;

use super::elements::Element;
use crate::file::{Kind, Label, Syntax};
use crate::wire::{self, Value, records};

/// The fields of `google.protobuf.FeatureSet`, by number; 0 is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Features([u8; 10]);

const FIELD_PRESENCE: usize = 1;
const ENUM_TYPE: usize = 2;
const REPEATED_FIELD_ENCODING: usize = 3;
const UTF8_VALIDATION: usize = 4;
const MESSAGE_ENCODING: usize = 5;
const JSON_FORMAT: usize = 6;
const ENFORCE_NAMING_STYLE: usize = 7;
const DEFAULT_SYMBOL_VISIBILITY: usize = 8;
const ENFORCE_PROTO_LIMITS: usize = 9;

const NAMES: [&str; 10] = [
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

/// What types and messages a file shows to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visibility {
    ExportAll,
    ExportTopLevel,
    LocalAll,
    Strict,
}

/// The first edition with features.
pub(super) const EDITION_2023: i32 = 1000;
pub(super) const EDITION_2024: i32 = 1001;
pub(super) const EDITION_2026: i32 = 1002;
pub(super) const EDITION_UNSTABLE: i32 = 9999;

/// Returns the number of `google.protobuf.Edition` of a syntax.
pub(super) fn edition(syntax: Syntax) -> i32 {
    match syntax {
        Syntax::Proto2 => 998,
        Syntax::Proto3 => 999,
        Syntax::Edition(edition) => edition,
    }
}

impl Features {
    /// The defaults of an edition, as the `edition_defaults` of descriptor.proto have them.
    pub fn of_edition(edition: i32) -> Self {
        Self(match edition {
            ..=998 => [0, 1, 2, 2, 3, 1, 2, 2, 1, 1],
            999 => [0, 2, 1, 1, 2, 1, 1, 2, 1, 1],
            EDITION_2023 => [0, 1, 1, 1, 2, 1, 1, 2, 1, 1],
            EDITION_2024 => [0, 1, 1, 1, 2, 1, 1, 1, 2, 1],
            _ => [0, 1, 1, 1, 2, 1, 1, 3, 4, 2],
        })
    }

    /// Reads what a serialized `FeatureSet` sets.
    pub fn read(bytes: &[u8]) -> Self {
        let mut features = Self::default();
        for record in records(bytes).map_while(Result::ok) {
            if let (Ok(number), Value::Varint(value)) = (usize::try_from(record.number), record.value)
                && let Some(feature) = features.0.get_mut(number)
            {
                *feature = u8::try_from(value).unwrap_or(0);
            }
        }
        features
    }

    pub fn merge(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).filter(|(_, other)| *other != 0).for_each(|(own, other)| *own = other);
        self
    }

    pub fn required(self) -> bool {
        self.0[FIELD_PRESENCE] == 3
    }

    pub fn implicit(self) -> bool {
        self.0[FIELD_PRESENCE] == 2
    }

    pub fn closed(self) -> bool {
        self.0[ENUM_TYPE] == 2
    }

    pub fn packed(self) -> bool {
        self.0[REPEATED_FIELD_ENCODING] == 1
    }

    pub fn verifies_utf8(self) -> bool {
        self.0[UTF8_VALIDATION] == 2
    }

    pub fn delimited(self) -> bool {
        self.0[MESSAGE_ENCODING] == 2
    }

    pub fn legacy_json(self) -> bool {
        self.0[JSON_FORMAT] == 2
    }

    /// Returns the edition whose naming style is enforced, if one is.
    pub fn naming_style(self) -> Option<i32> {
        match self.0[ENFORCE_NAMING_STYLE] {
            1 => Some(2024),
            3 => Some(2026),
            _ => None,
        }
    }

    pub fn enforces_limits(self) -> bool {
        self.0[ENFORCE_PROTO_LIMITS] != 1
    }

    pub fn visibility(self) -> Visibility {
        match self.0[DEFAULT_SYMBOL_VISIBILITY] {
            2 => Visibility::ExportTopLevel,
            3 => Visibility::LocalAll,
            4 => Visibility::Strict,
            _ => Visibility::ExportAll,
        }
    }

    pub fn sets_presence(self) -> bool {
        self.0[FIELD_PRESENCE] != 0
    }

    pub fn sets_repeated_encoding(self) -> bool {
        self.0[REPEATED_FIELD_ENCODING] != 0
    }

    pub fn sets_utf8_validation(self) -> bool {
        self.0[UTF8_VALIDATION] != 0
    }

    pub fn sets_message_encoding(self) -> bool {
        self.0[MESSAGE_ENCODING] != 0
    }
}

/// Returns the number of the field `features` in the options of an element.
pub(super) fn field_number(element: Element<'_>) -> i32 {
    match element {
        Element::File(_) | Element::Range(_) => 50,
        Element::Message(..) => 12,
        Element::Field(_) | Element::Extension(_) => 21,
        Element::Oneof(_) => 1,
        Element::Enum(_) => 7,
        Element::Value(_) => 2,
        Element::Service(_) => 34,
        Element::Method(_) => 35,
    }
}

/// Returns the features that an element sets itself; `None` if it has no option `features`.
pub(super) fn own(element: Element<'_>, options: &[u8]) -> Option<Features> {
    let sets = wire::payloads(options, field_number(element));
    sets.map(Features::read).fold(None, |all, set| Some(all.unwrap_or_default().merge(set)))
}

/// Returns the features that labels, groups and the option `packed` stand for in proto2 and proto3.
pub(super) fn inferred(field: Option<&crate::file::Field>, options: &[u8], edition: i32) -> Features {
    let mut features = Features::default();
    let Some(field) = field.filter(|_| edition < EDITION_2023) else { return features };
    if field.label.is_some_and(|label| label.value == Label::Required) {
        features.0[FIELD_PRESENCE] = 3;
    }
    if field.kind == Some(Kind::Group) {
        features.0[MESSAGE_ENCODING] = 2;
    }
    match wire::last_varint(options, 2) {
        Some(1..) => features.0[REPEATED_FIELD_ENCODING] = 1,
        Some(0) if edition == 999 => features.0[REPEATED_FIELD_ENCODING] = 2,
        _ => {}
    }
    features
}
