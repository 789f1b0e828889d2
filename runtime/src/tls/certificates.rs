//! The certificates that a client has presented, and their names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, OnceLock};

use http::Extensions;
use tokio_rustls::rustls::pki_types::CertificateDer;
#[cfg(all(feature = "_server", unix))]
use tonic::transport::server::UdsConnectInfo;
#[cfg(feature = "_server")]
use tonic::transport::server::{TcpConnectInfo, TlsConnectInfo};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::asn1::OctetString;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// The certificates that a client has presented in its TLS handshake, with the names of its own certificate.
///
/// The server has verified them: see `ServerTls::client_ca_file`. Handlers and interceptors find them in the extensions of a request.
///
/// ```
/// use rgrpc::{Request, Status, tls::{Certificates, Name}};
///
/// fn check(request: &Request<()>) -> Result<(), Status> {
///     let certificates = Certificates::of(request.extensions());
///     let is_ours = |name: &Name| matches!(name, Name::Uri(uri) if uri.starts_with("spiffe://prod/"));
///     match certificates {
///         Some(certificates) if certificates.names().iter().any(is_ours) => Ok(()),
///         _ => Err(Status::permission_denied("unknown client")),
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Certificates(Arc<PresentedChain>);

#[derive(Debug)]
struct PresentedChain {
    chain: Arc<Vec<CertificateDer<'static>>>,
    names: OnceLock<Vec<Name>>,
}

/// A subject alternative name of a certificate (RFC 5280, 4.2.1.6).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Name {
    /// A host, or a wildcard such as `*.example.com`.
    Dns(String),
    /// A URI, such as a SPIFFE ID.
    Uri(String),
    /// An email address.
    Email(String),
    /// An IP address.
    Ip(IpAddr),
}

impl Certificates {
    /// The certificates of the client, from the extensions of its request; `None` if it has presented none.
    ///
    /// This works in servers of this crate and in tonic's.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        let own = extensions.get::<Self>().cloned();
        own.or_else(|| by_tonic(extensions).map(Self::new))
    }

    pub(crate) fn new(chain: Arc<Vec<CertificateDer<'static>>>) -> Self {
        Self(Arc::new(PresentedChain { chain, names: OnceLock::new() }))
    }

    /// The certificate chain in DER, the client's own certificate first.
    #[must_use]
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.0.chain
    }

    /// The names of the client's own certificate.
    #[must_use]
    pub fn names(&self) -> &[Name] {
        self.0.names.get_or_init(|| self.0.chain.first().and_then(|certificate| names(certificate)).unwrap_or_default())
    }
}

/// The chain in the extensions that tonic's server sets.
fn by_tonic(extensions: &Extensions) -> Option<Arc<Vec<CertificateDer<'static>>>> {
    #[cfg(feature = "_server")]
    {
        #[cfg(unix)]
        if let Some(unix) = extensions.get::<TlsConnectInfo<UdsConnectInfo>>() {
            return unix.peer_certs();
        }
        if let Some(tcp) = extensions.get::<TlsConnectInfo<TcpConnectInfo>>() {
            return tcp.peer_certs();
        }
    }
    let _ = extensions;
    None
}

fn names(certificate: &[u8]) -> Option<Vec<Name>> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let (_, names) = certificate.tbs_certificate().get_extension::<SubjectAltName>().ok()??;
    Some(names.0.iter().filter_map(name).collect())
}

fn name(name: &GeneralName) -> Option<Name> {
    match name {
        GeneralName::DnsName(name) => Some(Name::Dns(name.to_string())),
        GeneralName::UniformResourceIdentifier(uri) => Some(Name::Uri(uri.to_string())),
        GeneralName::Rfc822Name(email) => Some(Name::Email(email.to_string())),
        GeneralName::IpAddress(ip) => address(ip).map(Name::Ip),
        _ => None,
    }
}

fn address(octets: &OctetString) -> Option<IpAddr> {
    let octets = octets.as_bytes();
    let v4 = || <[u8; 4]>::try_from(octets).ok().map(|octets| Ipv4Addr::from(octets).into());
    v4().or_else(|| <[u8; 16]>::try_from(octets).ok().map(|octets| Ipv6Addr::from(octets).into()))
}
