//! A message as a serializer takes it, by the settings of a printer.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use super::{Json, Printer, write};

impl Printer {
    /// The message, to be given to a serializer.
    pub const fn message<M: Json>(self, message: &M) -> Printed<'_, M> {
        Printed { print: self, message }
    }
}

/// A message that is printed as [`Printer`] says.
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
