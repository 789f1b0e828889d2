//! Encrypted connections to tonic's server.

use rgrpc::tls::ClientTls;
use rgrpc::tonic::transport::server::TcpIncoming;
use rgrpc::tonic::transport::{Certificate, Endpoint, Identity, Server, ServerTlsConfig};
use rgrpc::{Channel, Code};
use tokio::net::TcpListener;

use crate::sockets::Echo;
use crate::user_v1::GetUserRequest;
use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::UserServiceServer;

const CA: &str = include_str!("certificates/ca.pem");
const SERVER: (&str, &str) = (include_str!("certificates/server.pem"), include_str!("certificates/server.key"));
const CLIENT: (&str, &str) = (include_str!("certificates/client.pem"), include_str!("certificates/client.key"));

/// The port of a server with TLS, that asks for the client's certificate or not.
async fn serve(asks: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let tls = ServerTlsConfig::new().identity(Identity::from_pem(SERVER.0, SERVER.1));
    let tls = if asks { tls.client_ca_root(Certificate::from_pem(CA)) } else { tls };
    let server = Server::builder().tls_config(tls).unwrap().add_service(UserServiceServer::new(Echo));
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    port
}

/// The message of the failure of a call, or nothing.
async fn call(name: &str, tls: ClientTls) -> Option<String> {
    let channel = Channel::target(name).tls(tls).channel().unwrap();
    let status = UserServiceClient::new(channel).get_user(GetUserRequest::default()).await.err()?;
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    Some(status.message().to_owned())
}

fn trusting() -> ClientTls {
    ClientTls::new().ca_certificates(CA)
}

#[tokio::test]
async fn a_server_that_is_known_is_called() {
    let port = serve(false).await;
    assert_eq!(call(&format!("ipv4:127.0.0.1:{port}"), trusting()).await, None);
    assert_eq!(call(&format!("dns:///localhost:{port}"), trusting()).await, None);
    assert_eq!(call(&format!("ipv4:127.0.0.1:{port}"), trusting().server_name("users.test")).await, None);
}

#[tokio::test]
async fn a_channel_to_one_server_has_the_same_settings() {
    let uri = format!("https://localhost:{}", serve(true).await);
    let tls = || trusting().identity(CLIENT.0, CLIENT.1);
    for channel in [
        Channel::connect(&uri).tls(tls()).await.unwrap(),
        Channel::connect(uri.replace("localhost", "127.0.0.1")).tls(tls().server_name("users.test")).lazy().unwrap(),
    ] {
        UserServiceClient::new(channel).get_user(GetUserRequest::default()).await.unwrap();
    }
    let refused = async |tls: ClientTls| Channel::connect(&uri).tls(tls).await.unwrap_err().to_string();
    let stranger = refused(tls().server_name("other.test")).await;
    assert!(
        stranger.contains("TLS: invalid peer certificate: certificate not valid for name \"other.test\""),
        "{stranger}"
    );
    let unreadable = refused(ClientTls::new().ca_file("/nowhere")).await;
    assert!(unreadable.starts_with(&format!("cannot set up TLS for `{uri}`: ")), "{unreadable}");
    let endpoint = Endpoint::from_shared(uri.clone()).unwrap();
    let given = Channel::connect(endpoint).tls(tls()).await.unwrap_err().to_string();
    assert!(given.contains("set the TLS of an `Endpoint` by its `tls_config`"), "{given}");
}

#[tokio::test]
async fn a_client_shows_its_certificate() {
    let port = serve(true).await;
    let name = format!("ipv4:127.0.0.1:{port}");
    assert_eq!(call(&name, trusting().identity(CLIENT.0, CLIENT.1)).await, None);
    assert!(call(&name, trusting()).await.is_some());
}

#[tokio::test]
async fn a_failed_handshake_says_why() {
    let port = serve(false).await;
    let name = format!("ipv4:127.0.0.1:{port}");
    let stranger = call(&name, trusting().server_name("other.test")).await.unwrap();
    assert!(
        stranger.contains("TLS: invalid peer certificate: certificate not valid for name \"other.test\""),
        "{stranger}"
    );
    let untrusted = call(&name, ClientTls::new().ca_certificates(CLIENT.0)).await.unwrap();
    assert!(untrusted.contains("TLS: invalid peer certificate:"), "{untrusted}");
}

#[tokio::test]
async fn a_side_with_tls_and_a_side_without_do_not_connect() {
    let port = serve(false).await;
    let channel = Channel::target(&format!("http://127.0.0.1:{port}")).channel().unwrap();
    let status = UserServiceClient::new(channel).get_user(GetUserRequest::default()).await.unwrap_err();
    assert!(status.message().contains("the server speaks TLS: use `https` or `tls`"), "{status:?}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = Server::builder().add_service(UserServiceServer::new(Echo));
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    let plain = call(&format!("ipv4:127.0.0.1:{port}"), trusting()).await.unwrap();
    assert!(plain.contains("TLS: received corrupt message"), "{plain}");
}

#[test]
fn unreadable_certificates_and_keys_are_refused() {
    let refused = |tls: ClientTls| {
        let error = Channel::target("dns:///users.test").tls(tls).channel().unwrap_err().to_string();
        error.strip_prefix("cannot set up TLS for `dns:///users.test`: ").map(str::to_owned).unwrap_or(error)
    };
    assert_eq!(refused(ClientTls::new().ca_certificates("")), "the CA's certificate: the PEM has no certificate");
    assert!(refused(trusting().identity(CLIENT.0, CLIENT.0)).starts_with("the private key: "));
    assert!(refused(trusting().identity(CLIENT.0, SERVER.1)).starts_with("the client's certificate: "));
}

#[cfg(not(any(feature = "tls-native-roots", feature = "tls-webpki-roots")))]
#[test]
fn a_client_that_trusts_no_certificate_is_refused() {
    for error in [
        Channel::target("https://users.test").channel().unwrap_err(),
        Channel::connect("https://users.test").lazy().unwrap_err(),
    ] {
        assert_eq!(
            error.to_string(),
            "cannot set up TLS for `https://users.test`: this client trusts no certificate; enable the feature `tls-native-roots` or \
             `tls-webpki-roots` of rgrpc, or name a CA by `ClientTls::ca_file`",
        );
    }
    // The settings count, not their order.
    Channel::target("https://users.test").tls(trusting()).channel().unwrap();
}

#[test]
fn an_http_name_is_not_encrypted() {
    for error in [
        Channel::target("http://users.test").tls(trusting()).channel().unwrap_err(),
        Channel::connect("http://users.test").tls(trusting()).lazy().unwrap_err(),
    ] {
        assert_eq!(
            error.to_string(),
            "cannot connect to `http://users.test`: over `http`, nothing is encrypted; write `https://`"
        );
    }
}

#[tokio::test]
async fn certificates_have_the_name_of_the_authority_whenever_that_is_set() {
    let name = format!("ipv4:127.0.0.1:{}", serve(false).await);
    for target in [
        Channel::target(&name).authority("other.test").tls(trusting()),
        Channel::target(&name).tls(trusting()).authority("other.test"),
    ] {
        let client = UserServiceClient::new(target.channel().unwrap());
        let status = client.get_user(GetUserRequest::default()).await.unwrap_err();
        assert!(status.message().contains("certificate not valid for name \"other.test\""), "{status:?}");
    }
}
