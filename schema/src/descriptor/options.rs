//! The options of an element, on the wire, and what those say that have a meaning here.

use super::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    MethodDescriptorProto, OneofDescriptorProto, ServiceDescriptorProto,
};
use crate::features::Features;
use crate::tags;
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

/// Methods of the descriptors whose options say that they are deprecated.
macro_rules! deprecated {
    ($($message:ident: $options:ident),+) => {
        $(impl $message<'_> {
            /// Returns whether it is deprecated.
            #[must_use]
            pub fn is_deprecated(&self) -> bool {
                self.options.flag(tags::$options::DEPRECATED) == Some(true)
            }
        })+
    };
}

deprecated! {
    FileDescriptorProto: file_options,
    DescriptorProto: message_options,
    FieldDescriptorProto: field_options,
    EnumDescriptorProto: enum_options,
    EnumValueDescriptorProto: enum_value_options,
    ServiceDescriptorProto: service_options,
    MethodDescriptorProto: method_options
}

/// Methods of the descriptors whose features are resolved.
macro_rules! features {
    ($($message:ident: $options:ident),+) => {
        $(impl $message<'_> {
            /// Returns the features that its options state.
            #[must_use]
            pub fn features(&self) -> Features {
                self.options.features(tags::$options::FEATURES)
            }
        })+
    };
}

features! {
    FileDescriptorProto: file_options,
    DescriptorProto: message_options,
    FieldDescriptorProto: field_options,
    OneofDescriptorProto: oneof_options,
    EnumDescriptorProto: enum_options
}

impl DescriptorProto<'_> {
    /// Returns whether it is the entry of a map.
    #[must_use]
    pub fn is_map_entry(&self) -> bool {
        self.options.flag(tags::message_options::MAP_ENTRY) == Some(true)
    }

    /// Returns whether it is a `MessageSet` of the first version of protobuf.
    #[must_use]
    pub fn is_message_set(&self) -> bool {
        self.options.flag(tags::message_options::MESSAGE_SET_WIRE_FORMAT) == Some(true)
    }
}

/// `google.protobuf.MethodOptions.IdempotencyLevel`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "descriptor.proto says it")]
pub enum IdempotencyLevel {
    IdempotencyUnknown,
    NoSideEffects,
    Idempotent,
}

impl MethodDescriptorProto<'_> {
    /// Returns what may be assumed of a call that is made again.
    #[must_use]
    pub fn idempotency_level(&self) -> IdempotencyLevel {
        match self.options.number(tags::method_options::IDEMPOTENCY_LEVEL) {
            Some(1) => IdempotencyLevel::NoSideEffects,
            Some(2) => IdempotencyLevel::Idempotent,
            _ => IdempotencyLevel::IdempotencyUnknown,
        }
    }
}

impl FieldDescriptorProto<'_> {
    /// Returns whether its option `packed` says that it is one record on the wire.
    #[must_use]
    pub fn packed(&self) -> Option<bool> {
        self.options.flag(tags::field_options::PACKED)
    }

    /// Returns whether its value is not to be shown to who debugs.
    #[must_use]
    pub fn is_redacted(&self) -> bool {
        self.options.flag(tags::field_options::DEBUG_REDACT) == Some(true)
    }
}
