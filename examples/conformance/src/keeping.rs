//! The messages of the suite, generated with the option `unknown_fields`.

#[path = "answer.rs"]
mod answer;

pub use answer::answer;

/// The messages.
pub mod proto {
    include!(concat!(env!("OUT_DIR"), "/kept/mod.rs"));
}
