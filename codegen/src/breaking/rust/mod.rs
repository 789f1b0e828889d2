//! The generated Rust of the versions, as far as callers and implementers see it, and what of it they lose.

pub(super) mod api;
pub(super) mod differences;
pub(super) mod item;
mod messages;
mod services;
