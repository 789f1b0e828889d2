//! Two testees whose messages rgrpc generates: one keeps unknown fields, the other drops them as prost does.

// Both modules compile `answer.rs`, each with its own messages.
#![allow(clippy::duplicate_mod)]

pub mod dropping;
pub mod keeping;
mod serve;

pub use serve::serve;
