//! The field numbers of `descriptor.proto`: the components of paths, and the tags on the wire.

/// `FileDescriptorProto`
pub(crate) mod file {
    pub(crate) const NAME: i32 = 1;
    pub(crate) const PACKAGE: i32 = 2;
    pub(crate) const DEPENDENCY: i32 = 3;
    pub(crate) const MESSAGE: i32 = 4;
    pub(crate) const ENUM: i32 = 5;
    pub(crate) const SERVICE: i32 = 6;
    pub(crate) const EXTENSION: i32 = 7;
    pub(crate) const OPTIONS: i32 = 8;
    pub(crate) const SOURCE_CODE_INFO: i32 = 9;
    pub(crate) const PUBLIC_DEPENDENCY: i32 = 10;
    pub(crate) const WEAK_DEPENDENCY: i32 = 11;
    pub(crate) const SYNTAX: i32 = 12;
    pub(crate) const EDITION: i32 = 14;
    pub(crate) const OPTION_DEPENDENCY: i32 = 15;
}

/// `DescriptorProto`
pub(crate) mod message {
    pub(crate) const NAME: i32 = 1;
    pub(crate) const FIELD: i32 = 2;
    pub(crate) const MESSAGE: i32 = 3;
    pub(crate) const ENUM: i32 = 4;
    pub(crate) const EXTENSION_RANGE: i32 = 5;
    pub(crate) const EXTENSION: i32 = 6;
    pub(crate) const OPTIONS: i32 = 7;
    pub(crate) const ONEOF: i32 = 8;
    pub(crate) const RESERVED_RANGE: i32 = 9;
    pub(crate) const RESERVED_NAME: i32 = 10;
    pub(crate) const VISIBILITY: i32 = 11;
}

/// `MessageOptions`
pub(crate) mod message_options {
    pub(crate) const MAP_ENTRY: i32 = 7;
}

/// `DescriptorProto.ExtensionRange`, `DescriptorProto.ReservedRange` and `EnumDescriptorProto.EnumReservedRange`
pub(crate) mod range {
    pub(crate) const START: i32 = 1;
    pub(crate) const END: i32 = 2;
    pub(crate) const OPTIONS: i32 = 3;
}

/// `FieldDescriptorProto`
pub(crate) mod field {
    pub(crate) const NAME: i32 = 1;
    pub(crate) const EXTENDEE: i32 = 2;
    pub(crate) const NUMBER: i32 = 3;
    pub(crate) const LABEL: i32 = 4;
    pub(crate) const TYPE: i32 = 5;
    pub(crate) const TYPE_NAME: i32 = 6;
    pub(crate) const DEFAULT_VALUE: i32 = 7;
    pub(crate) const OPTIONS: i32 = 8;
    pub(crate) const ONEOF_INDEX: i32 = 9;
    pub(crate) const JSON_NAME: i32 = 10;
    pub(crate) const PROTO3_OPTIONAL: i32 = 17;
}

/// `OneofDescriptorProto`
pub(crate) mod oneof {
    pub(crate) const NAME: i32 = 1;
    pub(crate) const OPTIONS: i32 = 2;
}

/// `EnumDescriptorProto`
pub(crate) mod enumeration {
    pub(crate) const NAME: i32 = 1;
    pub(crate) const VALUE: i32 = 2;
    pub(crate) const OPTIONS: i32 = 3;
    pub(crate) const RESERVED_RANGE: i32 = 4;
    pub(crate) const RESERVED_NAME: i32 = 5;
    pub(crate) const VISIBILITY: i32 = 6;
}

/// `EnumValueDescriptorProto`
pub(crate) mod enum_value {
    pub(crate) const NAME: i32 = 1;
    pub(crate) const NUMBER: i32 = 2;
    pub(crate) const OPTIONS: i32 = 3;
}

/// `ServiceDescriptorProto`
pub(crate) mod service {
    pub(crate) const NAME: i32 = 1;
    pub(crate) const METHOD: i32 = 2;
    pub(crate) const OPTIONS: i32 = 3;
}

/// `MethodDescriptorProto`
pub(crate) mod method {
    pub(crate) const NAME: i32 = 1;
    pub(crate) const INPUT_TYPE: i32 = 2;
    pub(crate) const OUTPUT_TYPE: i32 = 3;
    pub(crate) const OPTIONS: i32 = 4;
    pub(crate) const CLIENT_STREAMING: i32 = 5;
    pub(crate) const SERVER_STREAMING: i32 = 6;
}

/// `SourceCodeInfo` and `SourceCodeInfo.Location`
pub(crate) mod location {
    pub(crate) const LOCATION: i32 = 1;
    pub(crate) const PATH: i32 = 1;
    pub(crate) const SPAN: i32 = 2;
    pub(crate) const LEADING_COMMENTS: i32 = 3;
    pub(crate) const TRAILING_COMMENTS: i32 = 4;
    pub(crate) const LEADING_DETACHED_COMMENTS: i32 = 6;
}
