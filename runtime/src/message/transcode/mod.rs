//! The common part of JSON and text: both go by way of the binary form, driven by descriptors that the
//! generated code embeds.

pub(crate) mod error;
pub(crate) mod schema;
pub(crate) mod wire;
