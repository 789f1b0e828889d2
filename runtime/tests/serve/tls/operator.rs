//! Checks what an operator sees: the events of `tracing`.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use rcgen::CertificateParams;
use rgrpc::Channel;
use rgrpc::tls::{ClientTls, ServerTls};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::authority::{Files, expired};
use super::{Authority, fails, start, tls, trusting, users};
use crate::log::Log;
use crate::user_v1::user_service_client::UserServiceClient;

/// The events of this process.
fn log() -> &'static Log {
    static LOG: LazyLock<Log> = LazyLock::new(|| {
        let log = Log::default();
        tracing::subscriber::set_global_default(log.clone()).unwrap();
        log
    });
    &LOG
}

/// Waits for a line with all of `texts`; other tests write lines too.
async fn sees(texts: &[&str]) {
    let seen = async {
        while log().with(texts).is_empty() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(20), seen).await.unwrap_or_else(|_| panic!("{texts:?} is not in {:#?}", log().all()));
}

/// Valid for a week, of which an hour is left.
fn soon(params: &mut CertificateParams) {
    let hour = Duration::from_secs(3600);
    params.not_before = std::time::SystemTime::now().into();
    params.not_before -= hour * 24 * 7;
    params.not_after = std::time::SystemTime::now().into();
    params.not_after += hour;
}

#[tokio::test]
async fn the_end_of_a_certificate_is_announced() {
    log();
    let authority = Authority::new();
    start(|server| server.tls(tls(&authority.sign(soon)))).await;
    sees(&["WARN", "whose=\"server\"", "hours=0", "the certificate expires soon; renew it"]).await;
    start(|server| server.tls(tls(&authority.sign(expired)))).await;
    sees(&["ERROR", "the certificate has expired; renew it"]).await;
}

#[tokio::test]
async fn a_renewal_and_its_failure_are_logged() {
    log();
    let files = Files::new("operator", &Authority::new().server());
    let renewed = ServerTls::from_files(files.chain(), files.key()).reload_interval(Duration::from_millis(10));
    start(|server| server.tls(renewed)).await;
    std::fs::write(files.key(), "cut off").unwrap();
    sees(&["WARN", "the old certificates stay in use", "the private key (", "rgrpc-tls-operator-"]).await;
    files.write(&Authority::new().server());
    sees(&["INFO", "new certificates are in use"]).await;
}

#[tokio::test]
async fn a_client_that_speaks_another_protocol_is_logged() {
    log();
    let port = start(|server| server).await;
    fails(&users(port, trusting(&Authority::new()))).await.unwrap();
    sees(&["INFO", "a connection was closed", "the client speaks TLS, and the server does not"]).await;
    for (first, what) in [
        ("GET / HTTP/1.1\r\n\r\n", "which only a server with `web` accepts"),
        ("SSH-2.0-OpenSSH_9.2\r\n", "not speak HTTP/2"),
    ] {
        let mut client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        client.write_all(first.as_bytes()).await.unwrap();
        sees(&["INFO", "a connection was closed", what]).await;
    }
}

/// The log of a server about a client that connects by `tls`, or without any.
async fn logs(server: ServerTls, client: Option<ClientTls>, problem: &str) {
    log();
    let port = start(|serve| serve.tls(server)).await;
    let client = match client {
        Some(tls) => users(port, tls),
        None => UserServiceClient::new(Channel::target(&format!("http://localhost:{port}")).channel().unwrap()),
    };
    fails(&client).await.unwrap();
    sees(&["INFO", "a connection was closed", problem]).await;
}

#[tokio::test]
async fn a_failed_handshake_names_its_remedy_to_the_server_too() {
    let (ours, other) = (Authority::new(), Authority::new());
    let served = || tls(&ours.server());
    let asking = || served().client_ca_certificates(ours.pem.as_str());
    let stranger = other.client();
    let named = trusting(&ours).server_name("users.test");
    logs(served(), Some(trusting(&other)), "UnknownCA; the other side does not trust the CA that signed").await;
    logs(served(), Some(named), "it may use a name that the certificate does not have").await;
    logs(tls(&ours.sign(expired)), Some(trusting(&ours)), "certificate of this side has expired; renew it").await;
    logs(served(), None, "the other side does not speak TLS on this port").await;
    logs(asking(), Some(trusting(&ours)), "the client needs a certificate: set its `identity`").await;
    let identified = trusting(&ours).identity(stranger.pem, stranger.key);
    logs(asking(), Some(identified), "UnknownIssuer; trust the CA that signed it").await;
}

#[tokio::test]
async fn a_client_that_offers_no_http2_is_logged() {
    log();
    let authority = Authority::new();
    let port = start(|serve| serve.tls(tls(&authority.server()))).await;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(ring::default_provider().into());
    let config = config.with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let refused = TlsConnector::from(Arc::new(config)).connect(name, socket).await;
    assert!(refused.unwrap_err().to_string().contains("NoApplicationProtocol"));
    sees(&["INFO", "a connection was closed", "have the other side offer HTTP/2 (`h2`) with ALPN"]).await;
}
