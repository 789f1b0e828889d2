//! The TLS settings of a server, and its handshakes.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::server::TlsStream;

use super::InvalidTls;
use super::credentials::{Credentials, Identity};
use super::explain::explain;
use super::pem::{Pem, PemText};
use super::reloaded::Reloaded;
use super::setup::TlsSetup;
use crate::telemetry::metrics::Handshake;

const WHOSE: &str = "server";

/// The TLS settings of a server: its certificate, and which clients to trust.
///
/// Clients need no certificate, unless a CA for clients is given. Files are [reloaded](super#reloading) when they change.
///
/// ```no_run
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::user_service_server::{UserService, UserServiceServer};
/// use rgrpc::tls::ServerTls;
///
/// # async fn example(users: impl UserService) -> Result<(), rgrpc::serve::ServeError> {
/// let tls = ServerTls::from_files("/tls/tls.crt", "/tls/tls.key").client_ca_file("/tls/ca.crt");
/// rgrpc::serve("[::]:50051").tls(tls).service(UserServiceServer::new(users)).until_signal().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "pass it to `Serve::tls`"]
pub struct ServerTls {
    setup: TlsSetup<ServerConfig>,
    client_auth: ClientAuth,
}

/// Whether clients need a certificate, if there is a CA for them.
#[derive(Debug, Clone, Copy)]
enum ClientAuth {
    Required,
    Optional,
}

impl ServerTls {
    /// Presents a certificate chain to clients, and proves it with the private key; both are PEM.
    pub fn new(certificates: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        Self::present(Identity { chain: Pem::Given(certificates.into()), key: Pem::Given(key.into()) })
    }

    /// As [`new`](Self::new), from files.
    pub fn from_files(certificates: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self::present(Identity { chain: Pem::File(certificates.into()), key: Pem::File(key.into()) })
    }

    fn present(identity: Identity<Pem>) -> Self {
        let credentials = Credentials { identity: Some(identity), authorities: Vec::new() };
        Self { setup: TlsSetup { credentials, ..TlsSetup::default() }, client_auth: ClientAuth::Required }
    }

    /// Requires clients to present a certificate that a CA in `pem` has signed. Further calls add more CAs. Default: clients need none.
    pub fn client_ca_certificates(self, pem: impl Into<Vec<u8>>) -> Self {
        self.trust(Pem::Given(pem.into()))
    }

    /// As [`client_ca_certificates`](Self::client_ca_certificates), from a file.
    pub fn client_ca_file(self, path: impl Into<PathBuf>) -> Self {
        self.trust(Pem::File(path.into()))
    }

    fn trust(mut self, pem: Pem) -> Self {
        self.setup.credentials.authorities.push(pem);
        self
    }

    /// Accepts clients without a certificate too, if there is a CA for clients. Default: they are refused.
    pub fn client_auth_optional(self) -> Self {
        Self { client_auth: ClientAuth::Optional, ..self }
    }

    /// Sets the cryptography provider. Default: see [Cryptography](super#cryptography).
    pub fn provider(mut self, provider: impl Into<Arc<CryptoProvider>>) -> Self {
        self.setup.provider = Some(provider.into());
        self
    }

    /// Sets the shortest time between two checks of the files. Default: 10 s.
    pub fn reload_interval(mut self, interval: Duration) -> Self {
        self.setup.reload_interval = interval;
        self
    }

    /// The acceptor of a server that offers `protocols` with ALPN.
    pub(crate) fn acceptor(self, protocols: &'static [&'static str]) -> Result<Acceptor, InvalidTls> {
        let (client_auth, interval) = (self.client_auth, self.setup.reload_interval);
        let make = move |read: &_, provider: &_| config(read, client_auth, provider);
        let speaking = |mut config: ServerConfig| {
            config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
            config
        };
        Ok(Acceptor { config: self.setup.renewed(WHOSE, speaking, make)?, interval })
    }
}

/// Uses a complete configuration of rustls.
impl From<ServerConfig> for ServerTls {
    fn from(config: ServerConfig) -> Self {
        Self {
            setup: TlsSetup { config: Some(Arc::new(config)), ..TlsSetup::default() },
            client_auth: ClientAuth::Required,
        }
    }
}

fn config(
    credentials: &Credentials<PemText>,
    client_auth: ClientAuth,
    provider: &Arc<CryptoProvider>,
) -> Result<ServerConfig, InvalidTls> {
    const CERTIFICATE: &str = "the server's certificate";
    let unusable = |error: &dyn fmt::Display| InvalidTls::new(error.to_string());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?;
    let builder = if credentials.authorities.is_empty() {
        builder.with_no_client_auth()
    } else {
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(credentials.roots()?), provider.clone());
        let verifier = match client_auth {
            ClientAuth::Required => verifier,
            ClientAuth::Optional => verifier.allow_unauthenticated(),
        };
        builder.with_client_cert_verifier(verifier.build().map_err(|error| unusable(&error))?)
    };
    let identity = credentials.identity.as_ref().ok_or_else(|| unusable(&"a server needs a certificate"))?;
    let (chain, key) = identity.parts(CERTIFICATE)?;
    builder.with_single_cert(chain, key).map_err(|error| identity.chain.invalid(CERTIFICATE, error))
}

/// Encrypts byte streams from clients.
#[derive(Debug, Clone)]
pub(crate) struct Acceptor {
    config: Arc<Reloaded<ServerConfig>>,
    interval: Duration,
}

impl Acceptor {
    pub(crate) async fn handshake<I>(&self, io: I) -> Result<TlsStream<I>, String>
    where
        I: AsyncRead + AsyncWrite + Unpin,
    {
        let counted = Handshake::begin(WHOSE);
        let acceptor = TlsAcceptor::from(self.config.current().await);
        let stream = acceptor.accept(io).await.map_err(|error| explain(&error))?;
        counted.succeeded();
        Ok(stream)
    }

    /// Checks the files at intervals, so that an operator is warned of an expiry even if no client connects.
    pub(crate) async fn watch(self) {
        loop {
            self.config.current().await;
            tokio::time::sleep(self.interval).await;
        }
    }
}
