//! Takes certificates; gives encrypted byte streams to servers. The cryptography is the user's choice.

use super::connection::describe;
use std::{fmt, sync::Arc};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::CryptoProvider,
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    },
};

/// TLS for the connections of a channel: whom to trust, and who the client is.
///
/// By default it trusts the certificates of the features `tls-native-roots` and `tls-webpki-roots`. The cryptography is rustls's default
/// provider, if the program has installed one, or else that of the feature `tls-ring` or `tls-aws-lc`.
///
/// ```
/// use rgrpc::{Channel, balance::ClientTls};
///
/// # fn example(ca: &[u8], certificate: &[u8], key: &[u8]) -> Result<Channel, Box<dyn std::error::Error>> {
/// let tls = ClientTls::new().ca_certificates(ca).identity(certificate, key);
/// let channel = Channel::target("dns:///users.prod:443")?.tls(tls)?.channel();
/// # Ok(channel)
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "`Target::tls` takes it"]
pub struct ClientTls {
    ca_certificates: Vec<Vec<u8>>,
    identity: Option<(Vec<u8>, Vec<u8>)>,
    server_name: Option<String>,
    config: Option<Arc<ClientConfig>>,
}

impl ClientTls {
    /// Trusts the certificates that are compiled in.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts the certificates in `pem`, and no others but those given here.
    pub fn ca_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_certificates.push(pem.into());
        self
    }

    /// Shows servers the certificate chain, which belongs to the private key; both are PEM.
    pub fn identity(self, certificates: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        Self { identity: Some((certificates.into(), key.into())), ..self }
    }

    /// The name that servers' certificates are to have. Default: the host of the channel's authority.
    pub fn server_name(self, name: impl Into<String>) -> Self {
        Self { server_name: Some(name.into()), ..self }
    }

    pub(super) fn connector(self, host: &str) -> Result<Connector, InvalidTls> {
        let name = self.server_name.as_deref().unwrap_or(host).trim_start_matches('[').trim_end_matches(']').to_owned();
        let server_name = ServerName::try_from(name.clone()).map_err(|_| invalid(format!("`{name}` is not a host")))?;
        let mut config = match self.config {
            Some(config) => Arc::unwrap_or_clone(config),
            None => config(&self.ca_certificates, self.identity)?,
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Connector { connector: TlsConnector::from(Arc::new(config)), server_name })
    }
}

/// A whole configuration of rustls, in place of what this type can say.
impl From<ClientConfig> for ClientTls {
    fn from(config: ClientConfig) -> Self {
        Self { config: Some(Arc::new(config)), ..Self::default() }
    }
}

fn config(ca_certificates: &[Vec<u8>], identity: Option<(Vec<u8>, Vec<u8>)>) -> Result<ClientConfig, InvalidTls> {
    let builder = ClientConfig::builder_with_provider(provider()?)
        .with_safe_default_protocol_versions()
        .map_err(|error| invalid(error.to_string()))?
        .with_root_certificates(roots(ca_certificates)?);
    let Some((certificates, key)) = identity else { return Ok(builder.with_no_client_auth()) };
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|error| invalid(format!("the private key: {error}")))?;
    let chain = read(&certificates, "the client's certificate")?;
    builder.with_client_auth_cert(chain, key).map_err(|error| invalid(format!("the client's certificate: {error}")))
}

fn read(pem: &[u8], whose: &str) -> Result<Vec<CertificateDer<'static>>, InvalidTls> {
    let read = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    match read {
        Ok(certificates) if certificates.is_empty() => {
            Err(invalid(format!("{whose}: there is no certificate in the PEM")))
        }
        read => read.map_err(|error| invalid(format!("{whose}: {error}"))),
    }
}

fn roots(ca_certificates: &[Vec<u8>]) -> Result<RootCertStore, InvalidTls> {
    let mut roots = RootCertStore::empty();
    for pem in ca_certificates {
        for certificate in read(pem, "the CA's certificate")? {
            roots.add(certificate).map_err(|error| invalid(format!("the CA's certificate: {error}")))?;
        }
    }
    if ca_certificates.is_empty() {
        #[cfg(feature = "tls-native-roots")]
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        #[cfg(feature = "tls-webpki-roots")]
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if roots.is_empty() {
            let remedy = "give it certificates, or compile in those of `tls-native-roots` or `tls-webpki-roots`";
            return Err(invalid(format!("there is no certificate to trust: {remedy}")));
        }
    }
    Ok(roots)
}

/// The program's choice, or else what is compiled in.
fn provider() -> Result<Arc<CryptoProvider>, InvalidTls> {
    let installed = CryptoProvider::get_default().cloned();
    #[cfg(feature = "tls-aws-lc")]
    let installed = installed.or_else(|| Some(Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider())));
    #[cfg(feature = "tls-ring")]
    let installed = installed.or_else(|| Some(Arc::new(tokio_rustls::rustls::crypto::ring::default_provider())));
    installed.ok_or_else(|| invalid("no cryptography is compiled in or installed".to_owned()))
}

fn invalid(problem: String) -> InvalidTls {
    InvalidTls(problem)
}

/// TLS settings that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTls(String);

impl fmt::Display for InvalidTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TLS: {}", self.0)
    }
}

impl std::error::Error for InvalidTls {}

/// Encrypts byte streams to one server.
#[derive(Clone)]
pub(super) struct Connector {
    connector: TlsConnector,
    server_name: ServerName<'static>,
}

impl Connector {
    pub(super) async fn handshake<I>(&self, io: I) -> Result<TlsStream<I>, String>
    where
        I: AsyncRead + AsyncWrite + Unpin,
    {
        let stream = self.connector.connect(self.server_name.clone(), io).await;
        let stream = stream.map_err(|error| format!("TLS: {}", describe(&error)))?;
        let (_, session) = stream.get_ref();
        if session.alpn_protocol() == Some(b"h2") {
            Ok(stream)
        } else {
            Err("TLS: the server does not offer HTTP/2 (ALPN h2)".to_owned())
        }
    }
}
