//! Checks that browsers choose a version of HTTP by ALPN.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use rgrpc::tls::ServerTls;
use tokio_rustls::{TlsConnector, rustls};

use crate::world::{Answered, BINARY, GET_USER, ask, run};

#[tokio::test]
async fn a_client_without_http2_is_served_by_alpn() {
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["test".into()]).unwrap();
    let server = run(|server| server.tls(ServerTls::new(cert.pem(), signing_key.serialize_pem()))).await;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    for (offered, chosen) in [("http/1.1", "http/1.1"), ("h2", "h2")] {
        let config = rustls::ClientConfig::builder_with_provider(provider.clone());
        let config = config.with_safe_default_protocol_versions().unwrap();
        let mut config = config.with_root_certificates(roots.clone()).with_no_client_auth();
        config.alpn_protocols = vec![offered.into()];
        let connector = TlsConnector::from(Arc::new(config));
        let io = connector.connect("test".try_into().unwrap(), server.dial().unwrap()).await.unwrap();
        assert_eq!(io.get_ref().1.alpn_protocol(), Some(chosen.as_bytes()));
        if offered == "http/1.1" {
            let (mut requests, connection) = hyper::client::conn::http1::handshake(TokioIo::new(io)).await.unwrap();
            tokio::spawn(connection);
            let request = crate::world::post(GET_USER, BINARY).body(Full::<Bytes>::from(ask("7"))).unwrap();
            let answered = Answered::read(requests.send_request(request).await.unwrap()).await;
            assert_eq!(answered.parse().0.len(), 1);
        }
    }
}
