//! TLS for clients and servers: who they are, whom they trust, from memory or from files that are renewed while they run.
//!
//! [`ClientTls`] and [`ServerTls`] are settings; [`Certificates`] are those that a client has shown to a server.
//!
//! ```text
//! Pem.. (files, or memory) -> read again when due -> a configuration of rustls, kept if the new one is unusable -> each handshake
//! ```
//!
//! # The cryptography
//!
//! It is what [`ClientTls::provider`] and [`ServerTls::provider`] were given; or else the default that the program installed in rustls; or
//! else that of the feature `tls-ring` or `tls-aws-lc`. This crate never installs one.
//!
//! # Renewal
//!
//! Files are looked at when a connection begins, at most every 10 s. Their contents are compared, so that a link that leads elsewhere now,
//! as in a Kubernetes secret, is seen as well. New connections use the new ones; connections that stand go on. If the new files cannot be
//! used, because only one of a pair is there yet, because one is cut off, or because the certificate has expired, the old ones stay, and an
//! event of `tracing` says why. Another one warns when less than a sixth of a certificate's time is left: renewal comes before that,
//! commonly at a third.

mod certificates;
#[cfg(feature = "channel")]
mod client;
mod credentials;
mod error;
mod explain;
mod pem;
mod provider;
mod reloaded;
#[cfg(feature = "serve")]
mod server;
mod setup;
mod validity;

pub use certificates::{Certificates, Name};
#[cfg(feature = "channel")]
pub use client::ClientTls;
#[cfg(feature = "channel")]
pub(crate) use client::HostTls;
pub(crate) use error::InvalidTls;
pub(crate) use explain::explain;
#[cfg(feature = "serve")]
pub(crate) use server::Acceptor;
#[cfg(feature = "serve")]
pub use server::ServerTls;
