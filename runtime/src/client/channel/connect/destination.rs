//! The destination of a channel: a URI, or one of tonic's endpoints.

use http::Uri;
use http::uri::{Authority, Scheme};
use tonic::transport::Endpoint;

use super::ConnectError;
use super::server::ConnectSettings;
use crate::client::connection::name::{self, NO_TLS, NO_USER};
use crate::client::connection::server_address::ServerAddress;
use crate::connection::address::Address;

/// The destination of [`Channel::connect`](crate::Channel::connect): the URI of a server, or a [`tonic::transport::Endpoint`].
///
/// Strings, [`http::Uri`] and `Endpoint` convert into it. A URI that is invalid is reported when the channel connects.
///
/// | URI | server |
/// |---|---|
/// | `http://host:port`, `https://host:port` | a host by name or address, without or with TLS; the default port is 80 or 443 |
/// | `unix:path`, `unix:///path` | a Unix domain socket |
#[derive(Debug, Clone)]
pub struct Destination(pub(super) Result<Maker, ConnectError>);

/// The side that makes the connections.
#[derive(Debug, Clone)]
pub(super) enum Maker {
    /// This crate.
    Own(Box<ConnectSettings>),
    /// tonic, with settings that only it can read.
    Tonic(Box<Endpoint>),
}

impl From<&str> for Destination {
    fn from(uri: &str) -> Self {
        let server = match name::scheme(uri) {
            (scheme, path) if scheme == "unix" => unix(uri, path),
            _ => network(uri),
        };
        Self(server.map(|server| Maker::Own(Box::new(server))))
    }
}

impl From<String> for Destination {
    fn from(uri: String) -> Self {
        uri.as_str().into()
    }
}

impl From<&String> for Destination {
    fn from(uri: &String) -> Self {
        uri.as_str().into()
    }
}

impl From<Uri> for Destination {
    fn from(uri: Uri) -> Self {
        uri.to_string().into()
    }
}

impl From<Endpoint> for Destination {
    fn from(endpoint: Endpoint) -> Self {
        // tonic adds TLS to an `https` endpoint without any.
        let with_tls =
            |_| Endpoint::new(endpoint.clone()).map_err(|error| ConnectError::new("cannot set up TLS".into(), error));
        Self(scheme(endpoint.uri()).and_then(with_tls).map(|endpoint| Maker::Tonic(Box::new(endpoint))))
    }
}

fn unix(uri: &str, path: &str) -> Result<ConnectSettings, ConnectError> {
    let path = name::unix_path(path).map_err(|problem| ConnectError::refused(uri, problem))?;
    let address = ServerAddress::Address(Address::Unix(path));
    Ok(ConnectSettings::new(uri.to_owned(), address, Scheme::HTTP, Authority::from_static("localhost")))
}

fn network(uri: &str) -> Result<ConnectSettings, ConnectError> {
    let unreadable = |error| ConnectError::new("this is not the URI of a server: invalid URI".into(), error);
    let uri: Uri = uri.parse().map_err(|error: http::uri::InvalidUri| unreadable(error))?;
    let scheme = scheme(&uri)?;
    let host = uri.host().unwrap_or_default();
    let default_port = if scheme == Scheme::HTTPS { 443 } else { 80 };
    let port = uri.port_u16().unwrap_or(default_port);
    let address = ServerAddress::Host { name: host.trim_start_matches('[').trim_end_matches(']').to_owned(), port };
    let authority = uri.authority().map_or("", Authority::as_str).parse().map_err(unreadable)?;
    Ok(ConnectSettings::new(uri.to_string().trim_end_matches('/').to_owned(), address, scheme, authority))
}

/// The scheme of `uri`, if it names a server and nothing else. tonic itself takes every other scheme for plain text, and `https` too if it has no
/// TLS.
fn scheme(uri: &Uri) -> Result<Scheme, ConnectError> {
    const TLS: bool = cfg!(any(feature = "tls-aws-lc", feature = "tls-ring"));
    let scheme = match uri.scheme_str() {
        Some("https") if !TLS => Err(NO_TLS),
        Some("http") => problem(uri).map_or(Ok(Scheme::HTTP), Err),
        Some("https") => problem(uri).map_or(Ok(Scheme::HTTPS), Err),
        Some(_) => Err("only the schemes `http`, without encryption, `https` and `unix` lead to a server"),
        None => Err("it has no scheme; put `https://` before it, or `http://` for a connection without encryption"),
    };
    scheme.map_err(|problem| ConnectError::refused(name::shown(&uri.to_string()), problem))
}

/// The problem with the authority, path or query of `uri`, with its remedy.
///
/// tonic would drop anything but the host and port without an error, or connect to another port.
fn problem(uri: &Uri) -> Option<&'static str> {
    let authority = uri.authority().map_or("", Authority::as_str);
    let port = authority.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.contains(']'));
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0) && !port.starts_with('+');
    if authority.contains('@') {
        Some(NO_USER)
    } else if uri.host().is_none_or(|host| matches!(host, "" | "[]")) {
        Some("it has no host")
    } else if port.is_some_and(|port| !is_port(port)) {
        Some("its port is not a number from 1 to 65535")
    } else if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        Some(
            "a connection has a host and a port, but no path; set a path in front of those of methods by `Channel::origin`",
        )
    } else {
        None
    }
}
