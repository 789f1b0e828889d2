//! Checks the calls of browsers on the wire: their forms, which pages may make them, and how they end.
#![cfg(all(feature = "serve", feature = "web", feature = "error-details"))]

mod cors;
mod ends;
mod forms;
mod hostile;
mod judge;
#[cfg(feature = "tls-ring")]
mod tls;
mod world;

#[path = "../support/running.rs"]
mod running;

#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;
