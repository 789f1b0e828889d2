//! The field numbers of `descriptor.proto`, which are also the components of location paths.

/// `FileDescriptorProto`
pub mod file {
    pub const NAME: i32 = 1;
    pub const PACKAGE: i32 = 2;
    pub const DEPENDENCY: i32 = 3;
    pub const MESSAGE: i32 = 4;
    pub const ENUM: i32 = 5;
    pub const SERVICE: i32 = 6;
    pub const EXTENSION: i32 = 7;
    pub const OPTIONS: i32 = 8;
    pub const SOURCE_CODE_INFO: i32 = 9;
    pub const PUBLIC_DEPENDENCY: i32 = 10;
    pub const WEAK_DEPENDENCY: i32 = 11;
    pub const SYNTAX: i32 = 12;
    pub const EDITION: i32 = 14;
    pub const OPTION_DEPENDENCY: i32 = 15;
}

/// `FileOptions`
pub mod file_options {
    pub const DEPRECATED: i32 = 23;
    pub const FEATURES: i32 = 50;
}

/// `DescriptorProto`
pub mod message {
    pub const NAME: i32 = 1;
    pub const FIELD: i32 = 2;
    pub const MESSAGE: i32 = 3;
    pub const ENUM: i32 = 4;
    pub const EXTENSION_RANGE: i32 = 5;
    pub const EXTENSION: i32 = 6;
    pub const OPTIONS: i32 = 7;
    pub const ONEOF: i32 = 8;
    pub const RESERVED_RANGE: i32 = 9;
    pub const RESERVED_NAME: i32 = 10;
    pub const VISIBILITY: i32 = 11;
}

/// `MessageOptions`
pub mod message_options {
    pub const MESSAGE_SET_WIRE_FORMAT: i32 = 1;
    pub const NO_STANDARD_DESCRIPTOR_ACCESSOR: i32 = 2;
    pub const DEPRECATED: i32 = 3;
    pub const MAP_ENTRY: i32 = 7;
    pub const FEATURES: i32 = 12;
}

/// `ExtensionRangeOptions`
pub mod range_options {
    pub const FEATURES: i32 = 50;
}

/// `DescriptorProto.ExtensionRange`, `DescriptorProto.ReservedRange` and `EnumDescriptorProto.EnumReservedRange`
pub mod range {
    pub const START: i32 = 1;
    pub const END: i32 = 2;
    pub const OPTIONS: i32 = 3;
}

/// `FieldDescriptorProto`
pub mod field {
    pub const NAME: i32 = 1;
    pub const EXTENDEE: i32 = 2;
    pub const NUMBER: i32 = 3;
    pub const LABEL: i32 = 4;
    pub const TYPE: i32 = 5;
    pub const TYPE_NAME: i32 = 6;
    pub const DEFAULT_VALUE: i32 = 7;
    pub const OPTIONS: i32 = 8;
    pub const ONEOF_INDEX: i32 = 9;
    pub const JSON_NAME: i32 = 10;
    pub const PROTO3_OPTIONAL: i32 = 17;
}

/// `FieldOptions`
pub mod field_options {
    pub const PACKED: i32 = 2;
    pub const DEPRECATED: i32 = 3;
    pub const DEBUG_REDACT: i32 = 16;
    pub const FEATURES: i32 = 21;
}

/// `OneofDescriptorProto`
pub mod oneof {
    pub const NAME: i32 = 1;
    pub const OPTIONS: i32 = 2;
}

/// `OneofOptions`
pub mod oneof_options {
    pub const FEATURES: i32 = 1;
}

/// `EnumDescriptorProto`
pub mod enumeration {
    pub const NAME: i32 = 1;
    pub const VALUE: i32 = 2;
    pub const OPTIONS: i32 = 3;
    pub const RESERVED_RANGE: i32 = 4;
    pub const RESERVED_NAME: i32 = 5;
    pub const VISIBILITY: i32 = 6;
}

/// `EnumOptions`
pub mod enum_options {
    pub const ALLOW_ALIAS: i32 = 2;
    pub const DEPRECATED: i32 = 3;
    pub const FEATURES: i32 = 7;
}

/// `EnumValueDescriptorProto`
pub mod enum_value {
    pub const NAME: i32 = 1;
    pub const NUMBER: i32 = 2;
    pub const OPTIONS: i32 = 3;
}

/// `EnumValueOptions`
pub mod enum_value_options {
    pub const DEPRECATED: i32 = 1;
    pub const FEATURES: i32 = 2;
}

/// `ServiceDescriptorProto`
pub mod service {
    pub const NAME: i32 = 1;
    pub const METHOD: i32 = 2;
    pub const OPTIONS: i32 = 3;
}

/// `ServiceOptions`
pub mod service_options {
    pub const DEPRECATED: i32 = 33;
    pub const FEATURES: i32 = 34;
}

/// `MethodDescriptorProto`
pub mod method {
    pub const NAME: i32 = 1;
    pub const INPUT_TYPE: i32 = 2;
    pub const OUTPUT_TYPE: i32 = 3;
    pub const OPTIONS: i32 = 4;
    pub const CLIENT_STREAMING: i32 = 5;
    pub const SERVER_STREAMING: i32 = 6;
}

/// `MethodOptions`
pub mod method_options {
    pub const DEPRECATED: i32 = 33;
    pub const IDEMPOTENCY_LEVEL: i32 = 34;
    pub const FEATURES: i32 = 35;
}

/// `SourceCodeInfo` and `SourceCodeInfo.Location`
pub mod location {
    pub const LOCATION: i32 = 1;
    pub const PATH: i32 = 1;
    pub const SPAN: i32 = 2;
    pub const LEADING_COMMENTS: i32 = 3;
    pub const TRAILING_COMMENTS: i32 = 4;
    pub const LEADING_DETACHED_COMMENTS: i32 = 6;
}
