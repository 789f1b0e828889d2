//! The suite's own messages, and those it tests with, as they are by default.

#[path = "answer.rs"]
mod answer;

pub use answer::answer;

/// The messages.
pub mod proto {
    rgrpc::include_protos!();
}
