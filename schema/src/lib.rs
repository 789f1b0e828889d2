//! Reads `.proto` files as protoc does.
//!
//! The crate is pure: texts or descriptors go in, checked descriptors or [`Errors`] come out, and nothing here touches the
//! file system, the environment, a process, the clock or the network.

pub mod bundled;
mod errors;
pub mod file;
#[doc(hidden)]
pub mod parallel;

pub use errors::{Diagnostic, Errors, Note, Position};
