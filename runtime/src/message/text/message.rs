//! The trait of messages that have a text form.

use prost::Message;

use super::Descriptors;

/// A message that has a text form. Code that is generated with the option `text` implements it.
pub trait Text: Message + Default {
    /// The full name of the message: `user.v1.User`.
    const FULL_NAME: &'static str;

    #[doc(hidden)]
    fn descriptors() -> &'static Descriptors;
}
