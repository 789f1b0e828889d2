//! The trait of messages that have a text form.

use prost::Message;

use super::Descriptors;

/// A message with a text form, which the option `text` generates.
pub trait Text: Message + Default {
    /// Its full name: `user.v1.User`
    const FULL_NAME: &'static str;

    #[doc(hidden)]
    fn descriptors() -> &'static Descriptors;
}
