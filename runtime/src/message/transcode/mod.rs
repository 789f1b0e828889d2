//! What the JSON and the text of messages have in common: both go by way of the binary form, driven by descriptors that the
//! generated code embeds.

pub(crate) mod error;
pub(crate) mod schema;
pub(crate) mod wire;
