//! Channels over many servers: names, connections, load balancing. Source: gRFC A21, A48, A61, A62, gRPC's naming.md and
//! connection-backoff.md.
#![cfg(feature = "balance")]

mod config;
mod health;
mod keepalive;
mod kill;
mod limits;
mod names;
mod network;
mod outliers;
mod pick_first;
mod resolution;
mod room;
mod round_robin;
#[cfg(unix)]
mod sockets;
mod states;
mod streams;
mod subsets;
#[cfg(all(unix, feature = "tls-ring"))]
mod tls;

#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;
