//! The trait of messages that have a JSON form.

use prost::Message;
use serde::{Deserialize, Serialize};

use super::Descriptors;

/// A message that has a JSON form. Code that is generated with the option `json` implements it.
pub trait Json: Message + Default + Serialize + for<'de> Deserialize<'de> {
    /// The full name of the message: `user.v1.User`.
    const FULL_NAME: &'static str;

    #[doc(hidden)]
    fn descriptors() -> &'static Descriptors;
}
