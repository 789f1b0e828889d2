//! A server of two versions of an API, `user.v1` and `user.v2`.
//!
//! The directory implements the newest version. Older versions are adapters that convert messages.

mod conversion;
mod directory;
mod v1;
mod v2;

use std::sync::Arc;

use rgrpc::tonic::transport::Server;
use rgrpc::tonic::transport::server::{Router, TcpIncoming};

use proto::user::v1::user_service_server::UserServiceServer as V1Server;
use proto::user::v2::user_service_server::UserServiceServer as V2Server;

pub use conversion::NoGivenName;
pub use directory::Directory;

/// The messages, clients and servers of the `.proto` files: `user::v1` and `user::v2`.
pub mod proto {
    rgrpc::include_protos!();
}

/// A server of both versions over one directory.
#[must_use]
pub fn server(directory: Directory) -> Router {
    let directory = Arc::new(directory);
    Server::builder().add_service(V1Server::from_arc(directory.clone())).add_service(V2Server::from_arc(directory))
}

/// Listens on a free loopback port.
///
/// # Errors
/// Returns the error of the operating system.
pub fn loopback() -> Result<TcpIncoming, Box<dyn std::error::Error + Send + Sync>> {
    Ok(TcpIncoming::bind(([127, 0, 0, 1], 0).into())?.with_nodelay(Some(true)))
}
