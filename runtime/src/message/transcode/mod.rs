//! The common part of JSON and the text format: both transcode the binary form, by descriptors that generated code embeds.

pub(crate) mod error;
pub(crate) mod schema;
pub(crate) mod wire;
