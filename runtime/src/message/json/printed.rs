//! A message with the settings of a printer, for a serializer.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use super::{Json, Printer, write};

impl Printer {
    /// Returns `message` for a serializer: `serde_json::to_string(&printer.message(&user))`.
    pub const fn message<M: Json>(self, message: &M) -> Printed<'_, M> {
        Printed { print: self, message }
    }
}

/// A message that is serialized with the settings of a [`Printer`].
#[derive(Debug, Clone, Copy)]
pub struct Printed<'a, M> {
    print: Printer,
    message: &'a M,
}

impl<M: Json> Serialize for Printed<'_, M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let schema = M::descriptors().schema();
        let value = write::message(schema, M::FULL_NAME, &self.message.encode_to_vec(), self.print);
        value.map_err(S::Error::custom)?.serialize(serializer)
    }
}
