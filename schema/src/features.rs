//! `google.protobuf.FeatureSet`: the features that an element sets, and the defaults of each edition.

use crate::wire::{Value, records};

/// The features of a file or an element: those that it sets, or all of them once they are resolved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Features(
    /// The values of the fields of `google.protobuf.FeatureSet`, by field number; 0 if a feature is not set.
    [u8; 10],
);

const FIELD_PRESENCE: usize = 1;
const ENUM_TYPE: usize = 2;
const REPEATED_FIELD_ENCODING: usize = 3;
const UTF8_VALIDATION: usize = 4;
const MESSAGE_ENCODING: usize = 5;
const JSON_FORMAT: usize = 6;
const ENFORCE_NAMING_STYLE: usize = 7;
const DEFAULT_SYMBOL_VISIBILITY: usize = 8;
const ENFORCE_PROTO_LIMITS: usize = 9;

/// The messages and enums that other files may use, `FeatureSet.VisibilityFeature.DefaultSymbolVisibility`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DefaultVisibility {
    ExportAll,
    ExportTopLevel,
    LocalAll,
    Strict,
}

/// `google.protobuf.Edition.EDITION_PROTO2`
pub const PROTO2: i32 = 998;
/// `google.protobuf.Edition.EDITION_PROTO3`
pub const PROTO3: i32 = 999;
/// `google.protobuf.Edition.EDITION_2023`, the first edition with features.
pub const EDITION_2023: i32 = 1000;
/// `google.protobuf.Edition.EDITION_2024`
pub const EDITION_2024: i32 = 1001;
/// `google.protobuf.Edition.EDITION_2026`
pub const EDITION_2026: i32 = 1002;
/// `google.protobuf.Edition.EDITION_UNSTABLE`, in which protoc tries features out.
pub const EDITION_UNSTABLE: i32 = 9999;

impl Features {
    /// Returns the defaults of an edition, the `edition_defaults` of descriptor.proto, by its number in `google.protobuf.Edition`.
    pub(crate) fn for_edition(edition: i32) -> Self {
        Self(match edition {
            ..=PROTO2 => [0, 1, 2, 2, 3, 1, 2, 2, 1, 1],
            PROTO3 => [0, 2, 1, 1, 2, 1, 1, 2, 1, 1],
            EDITION_2023 => [0, 1, 1, 1, 2, 1, 1, 2, 1, 1],
            EDITION_2024 => [0, 1, 1, 1, 2, 1, 1, 1, 2, 1],
            _ => [0, 1, 1, 1, 2, 1, 1, 3, 4, 2],
        })
    }

    /// Reads the features that a serialized `FeatureSet` sets.
    pub(crate) fn read(bytes: &[u8]) -> Self {
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

    /// Overrides these features with those that `other` sets.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).filter(|(_, other)| *other != 0).for_each(|(own, other)| *own = other);
        self
    }

    /// Returns whether a field is required (`LEGACY_REQUIRED`).
    #[must_use]
    pub fn required(self) -> bool {
        self.0[FIELD_PRESENCE] == 3
    }

    /// Returns whether a field has implicit presence: one that is unset equals one that is set to its default.
    #[must_use]
    pub fn implicit(self) -> bool {
        self.0[FIELD_PRESENCE] == 2
    }

    /// Returns whether an enum is closed: it takes no numbers but those that it declares.
    #[must_use]
    pub fn closed(self) -> bool {
        self.0[ENUM_TYPE] == 2
    }

    /// Returns whether a repeated field of numbers is packed.
    #[must_use]
    pub fn packed(self) -> bool {
        self.0[REPEATED_FIELD_ENCODING] == 1
    }

    /// Returns whether parsers reject strings that are not UTF-8.
    #[must_use]
    pub fn verifies_utf8(self) -> bool {
        self.0[UTF8_VALIDATION] == 2
    }

    /// Returns whether a message is encoded as a group.
    #[must_use]
    pub fn delimited(self) -> bool {
        self.0[MESSAGE_ENCODING] == 2
    }

    /// Returns whether JSON is supported on a best-effort basis only (`LEGACY_BEST_EFFORT`).
    #[must_use]
    pub fn legacy_json(self) -> bool {
        self.0[JSON_FORMAT] == 2
    }

    /// Returns the year of the edition whose naming style is enforced, if any.
    pub(crate) fn naming_style(self) -> Option<i32> {
        match self.0[ENFORCE_NAMING_STYLE] {
            1 => Some(2024),
            3 => Some(2026),
            _ => None,
        }
    }

    pub(crate) fn enforces_limits(self) -> bool {
        self.0[ENFORCE_PROTO_LIMITS] != 1
    }

    pub(crate) fn visibility(self) -> DefaultVisibility {
        match self.0[DEFAULT_SYMBOL_VISIBILITY] {
            2 => DefaultVisibility::ExportTopLevel,
            3 => DefaultVisibility::LocalAll,
            4 => DefaultVisibility::Strict,
            _ => DefaultVisibility::ExportAll,
        }
    }

    pub(crate) fn sets_presence(self) -> bool {
        self.0[FIELD_PRESENCE] != 0
    }

    pub(crate) fn sets_repeated_encoding(self) -> bool {
        self.0[REPEATED_FIELD_ENCODING] != 0
    }

    pub(crate) fn sets_utf8_validation(self) -> bool {
        self.0[UTF8_VALIDATION] != 0
    }

    pub(crate) fn sets_message_encoding(self) -> bool {
        self.0[MESSAGE_ENCODING] != 0
    }

    /// Returns the features that labels, groups and the option `packed` stand for in proto2 and proto3.
    pub(crate) fn from_legacy(required: bool, explicit: bool, group: bool, packed: Option<bool>) -> Self {
        let mut features = Self::default();
        features.0[FIELD_PRESENCE] = if required { 3 } else { explicit.into() };
        features.0[MESSAGE_ENCODING] = if group { 2 } else { 0 };
        features.0[REPEATED_FIELD_ENCODING] = packed.map_or(0, |packed| if packed { 1 } else { 2 });
        features
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELD_PRESENCE_EXPLICIT: &[u8] = &[0x08, 1];
    const FIELD_PRESENCE_UNKNOWN: &[u8] = &[0x08, 0];

    #[track_caller]
    fn check(features: Features, expected: &str) {
        let facts = [
            (features.required(), "required"),
            (features.implicit(), "implicit"),
            (features.closed(), "closed"),
            (features.packed(), "packed"),
            (features.verifies_utf8(), "utf8"),
            (features.delimited(), "delimited"),
            (features.legacy_json(), "legacy json"),
        ];
        let shown: Vec<&str> = facts.into_iter().filter(|(holds, _)| *holds).map(|(_, fact)| fact).collect();
        assert_eq!(shown.join(", "), expected);
    }

    #[test]
    fn every_edition_has_the_defaults_that_protoc_prints() {
        check(Features::for_edition(998), "closed, legacy json");
        check(Features::for_edition(999), "implicit, packed, utf8");
        check(Features::for_edition(EDITION_2023), "packed, utf8");
        check(Features::for_edition(EDITION_2024), "packed, utf8");
        check(Features::for_edition(EDITION_2026), "packed, utf8");
    }

    #[test]
    fn an_inner_scope_overrides_an_outer_one() {
        let proto3 = Features::for_edition(999);
        check(proto3.merge(Features::read(FIELD_PRESENCE_EXPLICIT)), "packed, utf8");
    }

    #[test]
    fn a_feature_set_to_unknown_is_not_set() {
        let proto3 = Features::for_edition(999);
        check(proto3.merge(Features::read(FIELD_PRESENCE_UNKNOWN)), "implicit, packed, utf8");
    }

    #[test]
    fn labels_groups_and_packed_are_features() {
        let [proto2, proto3] = [998, 999].map(Features::for_edition);
        let spelled = Features::from_legacy(true, false, true, Some(true));
        check(proto2.merge(spelled), "required, closed, packed, delimited, legacy json");
        check(proto3.merge(Features::from_legacy(false, true, false, None)), "packed, utf8");
        check(proto3.merge(Features::from_legacy(false, false, false, Some(false))), "implicit, utf8");
    }
}
