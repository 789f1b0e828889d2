//! The trait of messages that have a JSON form.

use prost::Message;
use serde::{Deserialize, Serialize};

use super::Descriptors;

/// A message with a JSON form, which the option `json` generates.
pub trait Json: Message + Default + Serialize + for<'de> Deserialize<'de> {
    /// Its full name: `user.v1.User`
    const FULL_NAME: &'static str;

    #[doc(hidden)]
    fn descriptors() -> &'static Descriptors;
}
