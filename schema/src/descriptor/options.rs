//! Reads single options out of a serialized options message.

use crate::features::Features;
use crate::wire::{self, Record, records};

/// A serialized options message, such as `google.protobuf.FieldOptions`; empty if an element has no options.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options<'a>(pub(super) &'a [u8]);

/// The first extension number of every options message.
const FIRST_EXTENSION: i32 = 1000;

impl<'a> Options<'a> {
    /// Returns the serialized message.
    #[must_use]
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Returns the value of an `int32`, bool or enum option; a wider integer is truncated to 32 bits.
    #[must_use]
    pub fn number(self, field: i32) -> Option<i32> {
        let [a, b, c, d, ..] = wire::last_varint(self.0, field)?.to_le_bytes();
        Some(i32::from_le_bytes([a, b, c, d]))
    }

    /// Returns the value of a bool option.
    #[must_use]
    pub fn flag(self, field: i32) -> Option<bool> {
        Some(wire::last_varint(self.0, field)? != 0)
    }

    /// Returns the value of a string option, if it is UTF-8.
    #[must_use]
    pub fn text(self, field: i32) -> Option<&'a str> {
        std::str::from_utf8(wire::payloads(self.0, field).last()?).ok()
    }

    /// Returns the value of a message option, such as `[pb.cpp]` of `features`; empty if it is not set.
    #[must_use]
    pub fn message(self, field: i32) -> Self {
        Self(wire::payloads(self.0, field).last().unwrap_or_default())
    }

    /// Returns the serialized custom options, sorted by number, since each compiler writes them in an order of its own.
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
