//! Checks encrypted connections: who may call, the errors of others, and certificates that change.

mod authority;
mod failures;
mod identity;
mod operator;
mod plain;
mod renewal;

use std::future::pending;

use rgrpc::serve::Serve;
use rgrpc::tls::{ClientTls, ServerTls};
use rgrpc::{Channel, Code};

use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::UserServiceServer;
use crate::world::{Users, ask};
use authority::{Authority, Signed};

fn tls(signed: &Signed) -> ServerTls {
    ServerTls::new(signed.pem.as_str(), signed.key.as_str())
}

fn trusting(authority: &Authority) -> ClientTls {
    ClientTls::new().ca_certificates(authority.pem.as_str())
}

fn users(port: u16, tls: ClientTls) -> UserServiceClient {
    UserServiceClient::new(Channel::target(&format!("dns:///localhost:{port}")).tls(tls).channel().unwrap())
}

/// The port of a server.
async fn start(configure: impl FnOnce(Serve) -> Serve) -> u16 {
    let server = rgrpc::serve("127.0.0.1:0").service(UserServiceServer::new(Users));
    let server = configure(server).bind().await.unwrap();
    let rgrpc::balance::Address::Tcp(address) = server.addresses()[0] else { panic!("no port") };
    tokio::spawn(server.until(pending()));
    address.port()
}

/// The failure of a call, or nothing.
async fn fails(client: &UserServiceClient) -> Option<String> {
    let status = client.get_user(ask("")).await.err()?;
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    Some(status.message().to_owned())
}

async fn is_refused(client: &UserServiceClient, because: &str) {
    let message = fails(client).await.unwrap();
    assert!(message.contains(because), "{message}");
}
