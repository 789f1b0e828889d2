//! The TLS settings of a client, and its handshake.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::InvalidTls;
use super::credentials::{Credentials, Identity};
use super::explain::explain;
use super::pem::{Pem, PemText};
use super::reloaded::Reloaded;
use super::setup::TlsSetup;
use crate::telemetry::metrics::Handshake;

const WHOSE: &str = "client";

/// The TLS settings of a channel: which servers to trust, and the client's own certificate.
///
/// The default trusts the certificates of the features `tls-native-roots` and `tls-webpki-roots`. Files are
/// [reloaded](super#reloading) when they change.
///
/// ```
/// use rgrpc::{Channel, tls::ClientTls};
///
/// # fn example() -> Result<Channel, Box<dyn std::error::Error>> {
/// let tls = ClientTls::new().ca_file("/tls/ca.crt").identity_files("/tls/tls.crt", "/tls/tls.key");
/// let channel = Channel::connect("https://users.prod").tls(tls).lazy()?;
/// # Ok(channel)
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "pass it to `Connect::tls` or `Target::tls`"]
pub struct ClientTls {
    setup: TlsSetup<ClientConfig>,
    server_name: Option<String>,
}

impl ClientTls {
    /// Trusts the certificates of the features `tls-native-roots` and `tls-webpki-roots`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts the CA certificates in `pem`, instead of those of the features. Further calls add more.
    pub fn ca_certificates(self, pem: impl Into<Vec<u8>>) -> Self {
        self.trust(Pem::Given(pem.into()))
    }

    /// As [`ca_certificates`](Self::ca_certificates), from a file.
    pub fn ca_file(self, path: impl Into<PathBuf>) -> Self {
        self.trust(Pem::File(path.into()))
    }

    fn trust(mut self, pem: Pem) -> Self {
        self.setup.credentials.authorities.push(pem);
        self
    }

    /// Presents a certificate chain to servers, and proves it with the private key; both are PEM. Default: no certificate.
    pub fn identity(self, certificates: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.present(Identity { chain: Pem::Given(certificates.into()), key: Pem::Given(key.into()) })
    }

    /// As [`identity`](Self::identity), from files.
    pub fn identity_files(self, certificates: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.present(Identity { chain: Pem::File(certificates.into()), key: Pem::File(key.into()) })
    }

    fn present(mut self, identity: Identity<Pem>) -> Self {
        self.setup.credentials.identity = Some(identity);
        self
    }

    /// Sets the name that certificates of servers are checked for. Default: the host of the channel's authority.
    pub fn server_name(self, name: impl Into<String>) -> Self {
        Self { server_name: Some(name.into()), ..self }
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

    pub(crate) fn for_host(self, host: &str) -> Result<HostTls, InvalidTls> {
        let name = self.server_name.as_deref().unwrap_or(host).trim_start_matches('[').trim_end_matches(']').to_owned();
        let server_name =
            ServerName::try_from(name.clone()).map_err(|_| InvalidTls::new(format!("`{name}` is not a host")))?;
        Ok(HostTls { config: self.setup.renewed(WHOSE, speaking_http2, config)?, server_name })
    }
}

/// Uses a complete configuration of rustls.
impl From<ClientConfig> for ClientTls {
    fn from(config: ClientConfig) -> Self {
        Self { setup: TlsSetup { config: Some(Arc::new(config)), ..TlsSetup::default() }, server_name: None }
    }
}

fn config(credentials: &Credentials<PemText>, provider: &Arc<CryptoProvider>) -> Result<ClientConfig, InvalidTls> {
    const CERTIFICATE: &str = "the client's certificate";
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| InvalidTls::new(error.to_string()))?
        .with_root_certificates(roots(credentials)?);
    let Some(identity) = &credentials.identity else { return Ok(builder.with_no_client_auth()) };
    let (chain, key) = identity.parts(CERTIFICATE)?;
    builder.with_client_auth_cert(chain, key).map_err(|error| identity.chain.invalid(CERTIFICATE, error))
}

fn speaking_http2(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

/// The CAs that were given, or else those of the features.
fn roots(credentials: &Credentials<PemText>) -> Result<RootCertStore, InvalidTls> {
    if credentials.authorities.is_empty() { compiled_in() } else { credentials.roots() }
}

fn compiled_in() -> Result<RootCertStore, InvalidTls> {
    #[allow(unused_mut, reason = "without a feature for roots, nothing is added")]
    let mut roots = RootCertStore::empty();
    #[cfg(feature = "tls-native-roots")]
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    #[cfg(feature = "tls-webpki-roots")]
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if roots.is_empty() {
        return Err(InvalidTls::new(
            "this client trusts no certificate; enable the feature `tls-native-roots` or `tls-webpki-roots` of rgrpc, or name a CA by \
             `ClientTls::ca_file`",
        ));
    }
    Ok(roots)
}

/// Encrypts byte streams to one server.
#[derive(Debug, Clone)]
pub(crate) struct HostTls {
    config: Arc<Reloaded<ClientConfig>>,
    server_name: ServerName<'static>,
}

impl HostTls {
    pub(crate) async fn handshake<I>(&self, io: I) -> Result<TlsStream<I>, String>
    where
        I: AsyncRead + AsyncWrite + Unpin,
    {
        let counted = Handshake::begin(WHOSE);
        let connector = TlsConnector::from(self.config.current().await);
        let stream = connector.connect(self.server_name.clone(), io).await.map_err(|error| explain(&error))?;
        let (_, session) = stream.get_ref();
        if session.alpn_protocol() == Some(b"h2") {
            counted.succeeded();
            Ok(stream)
        } else {
            Err("TLS: the server does not offer HTTP/2; have it offer `h2` with ALPN".to_owned())
        }
    }
}
