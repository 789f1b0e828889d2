//! TLS for clients and servers, with certificates from memory or from files, which are reloaded when they change.
//!
//! `ClientTls` and `ServerTls` are settings, for [`Channel`](crate::Channel) and `serve`. [`Certificates`] are those that a client has
//! presented to a server.
//!
//! # Cryptography
//!
//! The cryptography provider of rustls is the one given to the setter `provider`, or else the process default of rustls, or else that of the
//! feature `tls-ring` or `tls-aws-lc`. This crate never installs a process default.
//!
//! # Reloading
//!
//! When a connection starts, files are read again, at most every 10 s, and their contents compared. So replaced symbolic links are noticed too,
//! as in a Kubernetes secret. New connections use the new certificates; open connections stay.
//!
//! The old certificates stay in use while the new files cannot be: if only one file of a pair is there, if a file is incomplete, or if the
//! certificate has expired. An event of `tracing` says why. Another event warns when less than a sixth of a certificate's lifetime is left;
//! renewal usually comes earlier, when a third is left.

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
