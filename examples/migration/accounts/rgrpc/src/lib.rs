//! Accounts behind TLS and a token: a server, a client, and a tour that makes every call.

mod accounts;
mod auth;
mod client;
mod server;
mod tour;

pub use accounts::Accounts;
pub use client::connect;
pub use server::serve;
pub use tour::tour;

/// The messages, clients and servers of the `.proto` files.
pub mod proto {
    rgrpc::include_protos!();
}
