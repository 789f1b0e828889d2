//! Chat rooms served without TLS.

use rgrpc::tonic::transport::server::TcpIncoming;
use rgrpc::tonic::transport::{Error, Server};

use crate::proto::chat::v1::chat_service_server::ChatServiceServer;
use crate::rooms::Rooms;

/// Serves until the future is dropped.
///
/// # Errors
/// Returns an error if the listener fails.
pub async fn serve(incoming: TcpIncoming) -> Result<(), Error> {
    Server::builder().add_service(ChatServiceServer::new(Rooms::default())).serve_with_incoming(incoming).await
}
