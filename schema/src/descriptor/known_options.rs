//! Accessors for the options that code generation depends on.

use super::messages::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    MethodDescriptorProto, OneofDescriptorProto, ServiceDescriptorProto,
};
use crate::features::Features;
use crate::tags;

/// Implements `is_deprecated` for descriptors that have the option `deprecated`.
macro_rules! deprecated {
    ($($message:ident: $options:ident),+) => {
        $(impl $message<'_> {
            /// Returns whether the element is deprecated.
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

/// Implements `features` for descriptors whose features are resolved.
macro_rules! features {
    ($($message:ident: $options:ident),+) => {
        $(impl $message<'_> {
            /// Returns the features that the element sets itself, without those that it inherits.
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
    /// Returns whether the message is the entry of a map field.
    #[must_use]
    pub fn is_map_entry(&self) -> bool {
        self.options.flag(tags::message_options::MAP_ENTRY) == Some(true)
    }

    /// Returns whether the message has the wire format of proto1's `MessageSet`.
    #[must_use]
    pub fn is_message_set(&self) -> bool {
        self.options.flag(tags::message_options::MESSAGE_SET_WIRE_FORMAT) == Some(true)
    }
}

impl EnumDescriptorProto<'_> {
    /// Returns whether two values of the enum may have the same number.
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
    /// Returns whether the method is idempotent or free of side effects.
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
    /// Returns the option `packed`, if it is set.
    #[must_use]
    pub fn packed(&self) -> Option<bool> {
        self.options.flag(tags::field_options::PACKED)
    }

    /// Returns whether debug output must not show the value of the field (`debug_redact`).
    #[must_use]
    pub fn is_redacted(&self) -> bool {
        self.options.flag(tags::field_options::DEBUG_REDACT) == Some(true)
    }
}
