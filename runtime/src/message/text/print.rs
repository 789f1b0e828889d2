//! The settings by which messages are written as text.

use super::types::Types;
use super::{Error, Text, write};

/// How messages are written.
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
    /// As [`to_string`](super::to_string) does.
    #[must_use]
    pub const fn new() -> Self {
        Self { unknown_fields: false, types: Types::new() }
    }

    /// Writes also what a message does not declare, by number. Default: leaves it out, because nothing can read it again.
    #[must_use]
    pub fn with_unknown_fields(self) -> Self {
        Self { unknown_fields: true, ..self }
    }

    /// Knows also the messages of the package of `M` and of what it imports, which an `Any` may hold.
    #[must_use]
    pub fn with_types_of<M: Text>(mut self) -> Self {
        self.types.add::<M>();
        self
    }

    /// Writes a message.
    ///
    /// # Errors
    /// Fails if messages are nested more than 100 deep.
    pub fn print<M: Text>(&self, message: &M) -> Result<String, Error> {
        write::message(&self.types.schemas::<M>(), M::FULL_NAME, &message.encode_to_vec(), self.unknown_fields)
    }
}
