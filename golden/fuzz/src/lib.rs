//! Checks generated messages with any input, one function per format; a panic is a bug.
//!
//! The tests of golden include this file as a module, and run the same checks without a fuzzer.

mod binary;
mod extensions;
mod forms;
mod seeds;

pub use binary::binary;
pub use forms::{json, text};
pub use seeds::{jsons, messages, texts};
