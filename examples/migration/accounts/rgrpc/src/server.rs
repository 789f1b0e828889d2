//! Accounts served over TLS.

use rgrpc::tonic::transport::server::TcpIncoming;
use rgrpc::tonic::transport::{Error, Identity, Server, ServerTlsConfig};

use crate::accounts::Accounts;
use crate::auth::check_token;
use crate::proto::accounts::v1::account_service_server::AccountServiceServer;

const CERTIFICATE: &str = include_str!("../../tls/server.pem");
const KEY: &str = include_str!("../../tls/server.key");

/// Serves until the future is dropped.
///
/// # Errors
/// Returns an error if the certificate is invalid.
pub async fn serve(incoming: TcpIncoming) -> Result<(), Error> {
    let tls = ServerTlsConfig::new().identity(Identity::from_pem(CERTIFICATE, KEY));
    Server::builder()
        .tls_config(tls)?
        .add_service(AccountServiceServer::new(Accounts::default()).with_interceptor(check_token))
        .serve_with_incoming(incoming)
        .await
}
