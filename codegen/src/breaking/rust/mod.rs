//! The rules about the generated Rust, as far as its users see it.

pub(super) mod api;
pub(super) mod differences;
pub(super) mod item;
mod messages;
mod services;
