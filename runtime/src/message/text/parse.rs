//! The settings for parsing messages from text.

use super::types::Types;
use super::{Error, Text, read};

/// Parses messages from text with other settings than the default.
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
    /// A parser with the settings of [`from_str`](super::from_str).
    #[must_use]
    pub const fn new() -> Self {
        Self { types: Types::new() }
    }

    /// Allows an `Any` to hold messages of the package of `M`, and of the files that it imports.
    #[must_use]
    pub fn with_types_of<M: Text>(mut self) -> Self {
        self.types.add::<M>();
        self
    }

    /// Parses a message from text.
    ///
    /// # Errors
    ///
    /// Those of [`from_str`](super::from_str).
    pub fn parse<M: Text>(&self, text: &str) -> Result<M, Error> {
        let bytes = read::message(&self.types.schemas::<M>(), M::FULL_NAME, text)?;
        M::decode(&*bytes).map_err(|error| Error(error.to_string()))
    }
}
