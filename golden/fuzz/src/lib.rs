//! The claims that generated messages must hold for any input, one function per form: an input goes in, a panic is a bug.
//!
//! The tests of golden include this file as a module, so that they make the same claims without a fuzzer.

mod binary;
mod extensions;
mod forms;
mod seeds;

pub use binary::binary;
pub use forms::{json, text};
pub use seeds::{jsons, messages, texts};
