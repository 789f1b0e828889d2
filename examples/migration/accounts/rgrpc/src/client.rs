//! A client that trusts the server's certificate and sends a token.

use std::error::Error;
use std::net::SocketAddr;

use rgrpc::Channel;
use rgrpc::tonic::transport::{Certificate, ClientTlsConfig, Endpoint};

use crate::auth::AddToken;
use crate::proto::accounts::v1::account_service_client::AccountServiceClient;

const AUTHORITY: &str = include_str!("../../tls/ca.pem");

/// Connects to the server at an address with a token.
///
/// # Errors
/// Returns an error if the server cannot be reached or the token is invalid.
pub async fn connect(address: SocketAddr, token: &str) -> Result<AccountServiceClient, Box<dyn Error>> {
    let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(AUTHORITY)).domain_name("localhost");
    let channel = Channel::connect(Endpoint::from_shared(format!("https://{address}"))?.tls_config(tls)?).await?;
    Ok(AccountServiceClient::new(
        channel.with_interceptor(AddToken::new(token)?).max_decoding_message_size(1024 * 1024),
    ))
}
