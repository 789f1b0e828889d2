//! Turns protobuf descriptors into Rust gRPC clients, servers and messages.
//!
//! The crate is pure: descriptors and [`Options`] go in, files or [`Errors`] come out, and nothing here touches
//! the file system, the environment, a process, the clock or the network.

mod descriptor;
#[doc(hidden)]
pub mod docs;
mod errors;
mod source;

pub use errors::{Diagnostic, Errors, Position};
