//! Takes the name of a server, as gRPC writes names; gives its resolver and authority. Source: gRPC's document on naming.

use super::{
    Address,
    resolve::{AnyResolve, Dns, Fixed},
};
use http::uri::Authority;
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

/// A name that says nothing to this crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTarget {
    name: String,
    problem: String,
}

impl InvalidTarget {
    pub(super) fn new(name: &str, problem: impl Into<String>) -> Self {
        Self { name: name.to_owned(), problem: problem.into() }
    }
}

impl fmt::Display for InvalidTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not the name of a server: {}", self.name, self.problem)
    }
}

impl std::error::Error for InvalidTarget {}

/// Whether a name asks for TLS, or leaves that to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    Unsaid,
    Plain,
    Tls,
}

/// What a name says.
pub(super) struct Name {
    pub(super) resolver: Arc<dyn AnyResolve>,
    /// The host, with the port if the name has it.
    pub(super) authority: String,
    pub(super) security: Security,
}

const DEFAULT_PORT: u16 = 443;

pub(super) fn parse(name: &str) -> Result<Name, InvalidTarget> {
    let (scheme, rest) = name.split_once(':').unwrap_or(("", name));
    match scheme {
        "dns" => path(rest).and_then(|host| dns(host, DEFAULT_PORT, Security::Unsaid)),
        "http" => origin(rest, 80, Security::Plain),
        "https" => origin(rest, 443, Security::Tls),
        "ipv4" => addresses(rest, IpAddr::is_ipv4),
        "ipv6" => addresses(rest, IpAddr::is_ipv6),
        "unix" => unix(rest),
        "unix-abstract" if rest.is_empty() || rest.contains('\0') => Err("expected a name without zero bytes".to_owned()),
        "unix-abstract" => Ok(local(Address::UnixAbstract(rest.as_bytes().to_vec()))),
        _ if rest.starts_with("//") => Err(format!(
            "`{scheme}` is none of dns, ipv4, ipv6, unix, unix-abstract, http and https; other names need a resolver of their own, \
             for `Channel::resolved_by`"
        )),
        // "If no scheme prefix is specified or the scheme is unknown, the `dns` scheme is used by default."
        _ => dns(name, DEFAULT_PORT, Security::Unsaid),
    }
    .map_err(|problem| InvalidTarget::new(name, problem))
}

/// The name with its scheme, for whoever compares names: "if no scheme prefix is specified or the scheme is unknown, the `dns` scheme is
/// used by default".
pub(super) fn canonical(name: &str) -> String {
    let (scheme, rest) = name.split_once(':').unwrap_or(("", name));
    match scheme {
        "dns" if !rest.starts_with("//") => format!("dns:///{rest}"),
        "dns" | "http" | "https" | "ipv4" | "ipv6" | "unix" | "unix-abstract" => name.to_owned(),
        _ if rest.starts_with("//") => name.to_owned(),
        _ => format!("dns:///{name}"),
    }
}

/// The host, with a port or without, that `name` has.
pub(super) fn authority(name: &str, authority: &str) -> Result<Authority, InvalidTarget> {
    authority.parse().map_err(|_| InvalidTarget::new(name, format!("`{authority}` is not a host")))
}

/// `[//authority/]path`
fn path(rest: &str) -> Result<&str, String> {
    let Some(rest) = rest.strip_prefix("//") else { return Ok(rest) };
    match rest.split_once('/') {
        Some(("", path)) => Ok(path),
        Some((server, _)) => Err(format!(
            "the system's resolver cannot be told to ask `{server}`; write `dns:///`, or use a resolver of your own"
        )),
        None => Err(format!("expected a third slash, as in `dns:///{rest}`")),
    }
}

fn dns(host: &str, default_port: u16, security: Security) -> Result<Name, String> {
    let (name, port) = split(host)?;
    let port = port.unwrap_or(default_port);
    let resolver: Arc<dyn AnyResolve> = match name.parse::<IpAddr>() {
        Ok(address) => Arc::new(Fixed::from(vec![Address::Tcp((address, port).into())])),
        Err(_) => Arc::new(Dns { host: name.to_owned(), port }),
    };
    // A bare IPv6 address needs its brackets in an authority.
    let authority = if host.starts_with('[') || !name.contains(':') { host.to_owned() } else { format!("[{name}]") };
    Ok(Name { resolver, authority, security })
}

fn origin(rest: &str, port: u16, security: Security) -> Result<Name, String> {
    let host = rest.strip_prefix("//").ok_or("expected two slashes after the scheme")?;
    let host = host.strip_suffix('/').unwrap_or(host);
    if host.contains(['/', '?', '#', '@']) {
        return Err("expected only a host and a port after the scheme".to_owned());
    }
    dns(host, port, security)
}

/// `address[:port][,address[:port],...]`
fn addresses(rest: &str, is_right: impl Fn(&IpAddr) -> bool) -> Result<Name, String> {
    let list = rest.strip_prefix("///").unwrap_or(rest);
    let address = |text: &str| -> Result<Address, String> {
        let (host, port) = split(text)?;
        let address = host.parse().ok().filter(&is_right).ok_or_else(|| format!("`{host}` is not such an address"))?;
        Ok(Address::Tcp(SocketAddr::new(address, port.unwrap_or(DEFAULT_PORT))))
    };
    let found = list.split(',').map(|text| address(text.trim())).collect::<Result<Vec<_>, _>>()?;
    let authority = found.first().map(ToString::to_string).unwrap_or_default();
    Ok(Name { resolver: Arc::new(Fixed::from(found)), authority, security: Security::Unsaid })
}

/// `unix:path`, `unix:///absolute_path`
fn unix(rest: &str) -> Result<Name, String> {
    let path = match rest.strip_prefix("//") {
        Some(path) if !path.starts_with('/') => return Err("expected an absolute path after `unix://`".to_owned()),
        Some(path) => path,
        None => rest,
    };
    if path.is_empty() {
        return Err("expected a path".to_owned());
    }
    Ok(local(Address::Unix(PathBuf::from(path))))
}

fn local(address: Address) -> Name {
    Name {
        resolver: Arc::new(Fixed::from(vec![address])),
        authority: "localhost".to_owned(),
        security: Security::Unsaid,
    }
}

/// A host without brackets, and a port if there is one. More than one colon is an IPv6 address without a port.
fn split(text: &str) -> Result<(&str, Option<u16>), String> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or("`[` without `]`")?;
        if rest.is_empty() {
            (host, None)
        } else {
            (host, Some(rest.strip_prefix(':').ok_or("expected `:` after `]`")?))
        }
    } else {
        match text.split_once(':') {
            Some((host, port)) if !port.contains(':') => (host, Some(port)),
            _ => (text, None),
        }
    };
    if host.is_empty() {
        return Err("expected a host".to_owned());
    }
    if host.contains(|c: char| c.is_whitespace() || c == '/') {
        return Err(format!("`{host}` is not a host"));
    }
    let port = port.map(|port| port.parse().map_err(|_| format!("`{port}` is not a port"))).transpose()?;
    Ok((host, port))
}
