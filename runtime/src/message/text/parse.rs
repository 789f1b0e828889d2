//! The settings by which messages are read from text.

use super::types::Types;
use super::{Error, Text, read};

/// How messages are read.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/src/cases/text/demo.v1.rs")); }
/// use proto::{Address, User};
/// use rgrpc::text::Parser;
///
/// let parser = Parser::new().with_types_of::<Address>();
/// let user: User = parser.parse("more { [type.googleapis.com/demo.v1.Address] { city: \"Rome\" } }")?;
/// assert_eq!(user.more.unwrap().value, b"\x0a\x04Rome");
/// # Ok::<_, rgrpc::text::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Parser {
    types: Types,
}

impl Parser {
    /// As [`from_str`](super::from_str) does.
    #[must_use]
    pub const fn new() -> Self {
        Self { types: Types::new() }
    }

    /// Knows also the messages of the package of `M` and of what it imports, which an `Any` may hold.
    #[must_use]
    pub fn with_types_of<M: Text>(mut self) -> Self {
        self.types.add::<M>();
        self
    }

    /// Reads a message.
    ///
    /// # Errors
    /// As [`from_str`](super::from_str).
    pub fn parse<M: Text>(&self, text: &str) -> Result<M, Error> {
        let bytes = read::message(&self.types.schemas::<M>(), M::FULL_NAME, text)?;
        M::decode(&*bytes).map_err(|error| Error(error.to_string()))
    }
}
