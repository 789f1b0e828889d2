//! Features of messages that prost does not have: unknown fields, extensions, JSON and the text format.

#[doc(hidden)]
pub mod fields;
#[cfg(feature = "json")]
pub mod json;
#[cfg(not(feature = "json"))]
#[path = "json/off.rs"]
mod json;
#[cfg(feature = "text")]
pub mod text;
#[cfg(not(feature = "text"))]
#[path = "text/off.rs"]
mod text;
#[cfg(any(feature = "json", feature = "text"))]
mod transcode;
pub mod unknown_fields;
