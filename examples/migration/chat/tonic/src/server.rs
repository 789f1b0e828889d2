//! Chat rooms served in plain text.

use tonic::transport::server::TcpIncoming;
use tonic::transport::{Error, Server};

use crate::proto::chat::v1::chat_service_server::ChatServiceServer;
use crate::rooms::Rooms;

/// Answers calls until the task is dropped.
///
/// # Errors
/// If the listener fails.
pub async fn serve(incoming: TcpIncoming) -> Result<(), Error> {
    Server::builder().add_service(ChatServiceServer::new(Rooms::default())).serve_with_incoming(incoming).await
}
