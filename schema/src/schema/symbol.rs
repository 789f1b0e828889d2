//! Indices of elements in the arenas of a schema.

/// The index of a message in [`Schema::messages`](super::Schema::messages).
pub type MessageId = usize;

/// The index of an enum in [`Schema::enums`](super::Schema::enums).
pub type EnumId = usize;

/// The element with a full name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symbol {
    Message(MessageId),
    Enum(EnumId),
    Service(usize),
}

impl Symbol {
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Enum(_) => "enum",
            Self::Service(_) => "service",
        }
    }
}
