//! Checks servers: the addresses they listen on, their limits, and their shutdown.
#![cfg(all(feature = "balance", feature = "health", feature = "reflection", feature = "serve"))]

mod drain;
mod limits;
#[cfg(unix)]
mod listen;
mod log;
mod operator;
mod restart;
mod routes;
#[cfg(feature = "tls-ring")]
mod tls;
mod world;

#[path = "../support/running.rs"]
mod running;

#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;
