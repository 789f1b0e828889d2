//! Checks that each error of TLS names its remedy.

use std::time::{Duration, Instant};

use rgrpc::Channel;
use rgrpc::tls::ServerTls;
use tokio::net::TcpStream;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{Authority, fails, is_refused, start, tls, trusting, users};
use crate::tls::authority::expired;
use crate::user_v1::user_service_client::UserServiceClient;

#[tokio::test]
async fn a_server_that_is_trusted_is_called_and_no_cryptography_is_installed() {
    let authority = Authority::new();
    let port = start(|server| server.tls(tls(&authority.server()))).await;
    assert_eq!(fails(&users(port, trusting(&authority))).await, None);
    let chosen = trusting(&authority).provider(ring::default_provider());
    assert_eq!(fails(&users(port, chosen)).await, None);
    assert!(CryptoProvider::get_default().is_none());
}

#[tokio::test]
async fn the_error_of_an_unknown_authority_names_the_remedy() {
    let (authority, other) = (Authority::new(), Authority::new());
    let port = start(|server| server.tls(tls(&authority.server()))).await;
    let remedy = "TLS: invalid peer certificate: UnknownIssuer; trust the CA that signed it, and have the other side send its whole chain";
    is_refused(&users(port, trusting(&other)), remedy).await;
}

#[tokio::test]
async fn the_error_of_a_wrong_name_names_the_remedy() {
    let authority = Authority::new();
    let port = start(|server| server.tls(tls(&authority.server()))).await;
    let client = users(port, trusting(&authority).server_name("users.test"));
    is_refused(
        &client,
        "certificate is only valid for DnsName(\"localhost\"); call the server by a name of its certificate",
    )
    .await;
}

#[tokio::test]
async fn the_error_of_an_expired_certificate_names_the_remedy() {
    let authority = Authority::new();
    let port = start(|server| server.tls(tls(&authority.sign(expired)))).await;
    is_refused(&users(port, trusting(&authority)), "seconds ago); renew it, or correct the clocks").await;
}

#[tokio::test]
async fn the_error_of_a_client_without_tls_names_the_remedy() {
    let authority = Authority::new();
    let port = start(|server| server.tls(tls(&authority.server()))).await;
    let client = UserServiceClient::new(Channel::target(&format!("http://localhost:{port}")).channel().unwrap());
    is_refused(&client, "the server speaks TLS: use `https` or `tls`").await;
}

#[tokio::test]
async fn the_error_of_a_server_without_tls_names_the_remedy() {
    let authority = Authority::new();
    let port = start(|server| server).await;
    is_refused(
        &users(port, trusting(&authority)),
        "the other side does not speak TLS on this port: use `https` on both sides, or `http`",
    )
    .await;
}

#[tokio::test]
async fn the_error_of_a_client_without_a_certificate_names_the_remedy() {
    let authority = Authority::new();
    let asking = tls(&authority.server()).client_ca_certificates(authority.pem.as_str());
    let port = start(|server| server.tls(asking)).await;
    is_refused(&users(port, trusting(&authority)), "the server requires a client certificate: set an `identity`").await;
}

#[tokio::test]
async fn the_error_of_a_client_of_an_unknown_authority_names_the_remedy() {
    let (authority, other) = (Authority::new(), Authority::new());
    let asking = tls(&authority.server()).client_ca_certificates(authority.pem.as_str());
    let port = start(|server| server.tls(asking)).await;
    let stranger = other.client();
    let client = users(port, trusting(&authority).identity(stranger.pem, stranger.key));
    is_refused(&client, "the other side does not trust the CA that signed the certificate of this side").await;
}

#[tokio::test]
async fn the_error_of_a_server_without_alpn_names_the_remedy() {
    let authority = Authority::new();
    let signed = authority.server();
    let chain = CertificateDer::pem_slice_iter(signed.pem.as_bytes()).collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(signed.key.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(ring::default_provider().into());
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config.with_single_cert(chain, key).unwrap()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let _ = acceptor.accept(socket).await;
        }
    });
    is_refused(
        &users(port, trusting(&authority)),
        "TLS: the server does not offer HTTP/2; have it offer `h2` with ALPN",
    )
    .await;
}

#[tokio::test]
async fn a_whole_configuration_of_rustls_is_served() {
    let authority = Authority::new();
    let signed = authority.server();
    let chain = CertificateDer::pem_slice_iter(signed.pem.as_bytes()).collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(signed.key.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(ring::default_provider().into());
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = config.with_single_cert(chain, key).unwrap();
    let port = start(|server| server.tls(config.into())).await;
    assert_eq!(fails(&users(port, trusting(&authority))).await, None);
}

#[tokio::test]
async fn a_stalled_handshake_holds_up_no_one() {
    let authority = Authority::new();
    let port = start(|server| server.tls(tls(&authority.server())).handshake_timeout(Duration::from_millis(500))).await;
    let stalled = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    assert_eq!(fails(&users(port, trusting(&authority))).await, None);
    let start = Instant::now();
    stalled.readable().await.unwrap();
    assert_eq!(stalled.try_read(&mut [0]).unwrap(), 0, "the server closes it");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn unusable_certificates_and_keys_are_refused() {
    let (one, other) = (Authority::new().server(), Authority::new().server());
    let refusal =
        async |tls: ServerTls| rgrpc::serve("127.0.0.1:0").tls(tls).bind().await.map(drop).unwrap_err().to_string();
    let unusable = "cannot serve with these certificates: ";
    assert_eq!(
        refusal(ServerTls::new("", one.key.as_str())).await,
        format!("{unusable}the server's certificate: the PEM has no certificate")
    );
    assert!(refusal(ServerTls::new(one.pem.as_str(), "")).await.starts_with(&format!("{unusable}the private key: ")));
    let mixed = refusal(ServerTls::new(one.pem.as_str(), other.key)).await;
    assert!(mixed.starts_with(&format!("{unusable}the server's certificate: ")), "{mixed}");
    assert!(
        refusal(ServerTls::from_files("/nowhere/tls.crt", "/nowhere/tls.key"))
            .await
            .starts_with(&format!("{unusable}cannot read `/nowhere/tls.crt`: "))
    );
}
