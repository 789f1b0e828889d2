//! The options that have a meaning here, as methods of the elements that state them.

use super::messages::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    MethodDescriptorProto, OneofDescriptorProto, ServiceDescriptorProto,
};
use crate::features::Features;
use crate::tags;

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

impl EnumDescriptorProto<'_> {
    /// Returns whether values of it may have the same number.
    #[must_use]
    pub fn allows_alias(&self) -> bool {
        self.options.flag(tags::enum_options::ALLOW_ALIAS) == Some(true)
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
