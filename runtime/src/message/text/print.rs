//! The settings for printing messages as text.

use super::types::Types;
use super::{Error, Text, write};

/// Prints messages as text with other settings than the default.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/src/cases/text/demo.v1.rs")); }
/// use rgrpc::{prost::Message, text::Printer};
///
/// let user = proto::User::decode(&b"\x0a\x03Ada\xc0\x3e\x07"[..]).unwrap();
/// assert_eq!(Printer::new().with_unknown_fields().print(&user)?, "name: \"Ada\"\n1000: 7\n");
/// # Ok::<_, rgrpc::text::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Printer {
    unknown_fields: bool,
    types: Types,
}

impl Printer {
    /// A printer with the settings of [`to_string`](super::to_string).
    #[must_use]
    pub const fn new() -> Self {
        Self { unknown_fields: false, types: Types::new() }
    }

    /// Prints unknown fields too, by number. Default: omits them, because no parser accepts them.
    #[must_use]
    pub fn with_unknown_fields(self) -> Self {
        Self { unknown_fields: true, ..self }
    }

    /// Prints the messages of the package of `M`, and of the files that it imports, also in an `Any`.
    #[must_use]
    pub fn with_types_of<M: Text>(mut self) -> Self {
        self.types.add::<M>();
        self
    }

    /// Prints a message as text.
    ///
    /// # Errors
    ///
    /// If messages are nested more than 100 levels deep.
    pub fn print<M: Text>(&self, message: &M) -> Result<String, Error> {
        write::message(&self.types.schemas::<M>(), M::FULL_NAME, &message.encode_to_vec(), self.unknown_fields)
    }
}
