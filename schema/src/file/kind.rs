//! The types and labels of fields.

/// `FieldDescriptorProto.Label`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// `optional`
    Optional = 1,
    /// `required`
    Required = 2,
    /// `repeated`
    Repeated = 3,
}

/// `FieldDescriptorProto.Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the language")]
pub enum Kind {
    Double = 1,
    Float = 2,
    Int64 = 3,
    Uint64 = 4,
    Int32 = 5,
    Fixed64 = 6,
    Fixed32 = 7,
    Bool = 8,
    String = 9,
    Group = 10,
    Message = 11,
    Bytes = 12,
    Uint32 = 13,
    Enum = 14,
    Sfixed32 = 15,
    Sfixed64 = 16,
    Sint32 = 17,
    Sint64 = 18,
}

impl Label {
    /// Returns the label with a number of descriptor.proto.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        [Self::Optional, Self::Required, Self::Repeated].into_iter().find(|&label| label as i32 == number)
    }
}

impl Kind {
    const ALL: [Self; 18] = [
        Self::Double,
        Self::Float,
        Self::Int64,
        Self::Uint64,
        Self::Int32,
        Self::Fixed64,
        Self::Fixed32,
        Self::Bool,
        Self::String,
        Self::Group,
        Self::Message,
        Self::Bytes,
        Self::Uint32,
        Self::Enum,
        Self::Sfixed32,
        Self::Sfixed64,
        Self::Sint32,
        Self::Sint64,
    ];

    const NAMES: [&str; 18] = [
        "double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "group", "message",
        "bytes", "uint32", "enum", "sfixed32", "sfixed64", "sint32", "sint64",
    ];

    /// Returns the keyword of the type: `int32`.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize - 1]
    }

    /// Returns the type with a number of descriptor.proto.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
    }
}
