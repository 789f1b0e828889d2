//! The messages of the suite, generated with default options.

#[path = "answer.rs"]
mod answer;

pub use answer::answer;

/// The messages.
pub mod proto {
    rgrpc::include_protos!();
}
