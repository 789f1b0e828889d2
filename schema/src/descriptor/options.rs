//! The options of an element, on the wire.

use crate::features::Features;
use crate::wire::{self, Record, records};

/// A serialized options message, `google.protobuf.FieldOptions` or another; empty where an element has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options<'a>(pub(super) &'a [u8]);

/// The number of the first extension of the messages for options.
const FIRST_EXTENSION: i32 = 1000;

impl<'a> Options<'a> {
    /// Returns the serialized message.
    #[must_use]
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Returns a number, a bool or the number of a value of an enum; the lower half of what is wider.
    #[must_use]
    pub fn number(self, field: i32) -> Option<i32> {
        let [a, b, c, d, ..] = wire::last_varint(self.0, field)?.to_le_bytes();
        Some(i32::from_le_bytes([a, b, c, d]))
    }

    /// Returns a bool.
    #[must_use]
    pub fn flag(self, field: i32) -> Option<bool> {
        Some(wire::last_varint(self.0, field)? != 0)
    }

    /// Returns a string; nothing where it is not UTF-8.
    #[must_use]
    pub fn text(self, field: i32) -> Option<&'a str> {
        std::str::from_utf8(wire::payloads(self.0, field).last()?).ok()
    }

    /// Returns a message, the extension `[pb.cpp]` of features for example, as options of their own.
    #[must_use]
    pub fn message(self, field: i32) -> Self {
        Self(wire::payloads(self.0, field).last().unwrap_or_default())
    }

    /// Returns the extensions among the options, serialized, in the order of their numbers: compilers write them in orders of
    /// their own.
    #[must_use]
    pub fn custom(self) -> Vec<u8> {
        let records = records(self.0).map_while(Result::ok);
        let mut custom: Vec<Record<'_>> = records.filter(|record| record.number >= FIRST_EXTENSION).collect();
        custom.sort_by_key(|record| record.number);
        custom.into_iter().flat_map(|record| record.raw).copied().collect()
    }

    pub(super) fn features(self, field: i32) -> Features {
        if self.0.is_empty() {
            return Features::default();
        }
        wire::payloads(self.0, field).map(Features::read).fold(Features::default(), Features::merge)
    }
}
