//! A client that trusts the server's certificate and sends a token.

use std::error::Error;
use std::net::SocketAddr;

use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};

use crate::auth::AddToken;
use crate::proto::accounts::v1::account_service_client::AccountServiceClient;

const AUTHORITY: &str = include_str!("../../tls/ca.pem");

/// Connects to the server at an address with a token.
///
/// # Errors
/// Returns an error if the server cannot be reached or the token is invalid.
pub async fn connect(
    address: SocketAddr,
    token: &str,
) -> Result<AccountServiceClient<InterceptedService<Channel, AddToken>>, Box<dyn Error>> {
    let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(AUTHORITY)).domain_name("localhost");
    let channel = Endpoint::from_shared(format!("https://{address}"))?.tls_config(tls)?.connect().await?;
    Ok(AccountServiceClient::with_interceptor(channel, AddToken::new(token)?).max_decoding_message_size(1024 * 1024))
}
