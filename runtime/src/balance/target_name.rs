//! Parses the name of a target into its resolver and authority. Source: gRPC's document on naming.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use http::uri::Authority;

use super::Address;
use super::resolve::{AnyResolve, Dns, Fixed};
use crate::ConnectError;
use crate::client::connection::name::{NO_USER, decoded, is_path, scheme, shown, unix_path};

/// The error of an invalid name.
pub(super) fn invalid(name: &str, problem: impl fmt::Display) -> ConnectError {
    ConnectError::refused(shown(name), problem)
}

/// Whether a name asks for TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Security {
    /// The name says nothing: `Target::tls` decides.
    Unspecified,
    /// `http:`
    Plain,
    /// `https:`
    Tls,
}

/// A parsed name.
pub(super) struct TargetName {
    pub(super) resolver: Arc<dyn AnyResolve>,
    /// The host, with the port if the name has it.
    pub(super) authority: String,
    pub(super) security: Security,
}

const DEFAULT_PORT: u16 = 443;

pub(super) fn parse(name: &str) -> Result<TargetName, ConnectError> {
    if name.contains('@') && !is_path(name) {
        return Err(invalid(name, NO_USER));
    }
    let (scheme, rest) = scheme(name);
    match scheme.as_str() {
        "dns" => path(rest).and_then(|host| dns(host, DEFAULT_PORT, Security::Unspecified)),
        "http" => origin(rest, 80, Security::Plain),
        "https" => origin(rest, 443, Security::Tls),
        "ipv4" => addresses(rest, SocketAddr::is_ipv4),
        "ipv6" => addresses(rest, SocketAddr::is_ipv6),
        "unix" => unix_path(rest).map(|path| local(Address::Unix(path))),
        "unix-abstract" => decoded(rest).and_then(unix_abstract),
        _ if rest.starts_with("//") => Err(format!(
            "the scheme `{scheme}` is unknown; use dns, ipv4, ipv6, unix, unix-abstract, http or https, or a resolver of your own with \
             `Channel::resolved_by`"
        )),
        // "If no scheme prefix is specified or the scheme is unknown, the `dns` scheme is used by default."
        _ => dns(name, DEFAULT_PORT, Security::Unspecified),
    }
    .map_err(|problem| invalid(name, problem))
}

/// The name with its scheme, for metrics: "if no scheme prefix is specified or the scheme is unknown, the `dns` scheme is used by default".
pub(super) fn canonical(name: &str) -> String {
    let (scheme, rest) = scheme(name);
    match scheme.as_str() {
        "dns" if !rest.starts_with("//") => format!("dns:///{rest}"),
        "dns" | "http" | "https" | "ipv4" | "ipv6" | "unix" | "unix-abstract" => format!("{scheme}:{rest}"),
        _ if rest.starts_with("//") => name.to_owned(),
        _ => format!("dns:///{name}"),
    }
}

/// Decodes the percent-encoding of a host. In an IPv6 address only the `%` before the zone is encoded (RFC 6874, 2), and often it is not:
/// `%30` in `fe80::1%30` is zone 30, and not the digit `0`.
fn decoded_host(host: &str) -> Result<String, String> {
    if !host.contains(':') {
        return decoded(host);
    }
    let encoded = host.split_once("%25").filter(|(_, zone)| !zone.is_empty());
    Ok(encoded.map_or_else(|| host.to_owned(), |(address, zone)| format!("{address}%{zone}")))
}

/// Parses `authority`, a host with or without a port; errors show `name`.
pub(super) fn authority(name: &str, authority: &str) -> Result<Authority, ConnectError> {
    if authority.contains('@') {
        return Err(invalid(name, NO_USER));
    }
    authority.parse().map_err(|_| invalid(name, format!("`{authority}` is not a host")))
}

/// `[//authority/]path`
fn path(rest: &str) -> Result<&str, String> {
    let Some(rest) = rest.strip_prefix("//") else { return Ok(rest) };
    match rest.split_once('/') {
        Some(("", path)) => Ok(path),
        Some((server, _)) => Err(format!(
            "the system resolver cannot ask the DNS server `{server}`; write `dns:///`, or use a resolver of your own"
        )),
        None => Err(format!("expected a third slash, as in `dns:///{rest}`")),
    }
}

fn dns(host: &str, default_port: u16, security: Security) -> Result<TargetName, String> {
    let (name, port) = split(host)?;
    let number = port.unwrap_or(default_port);
    let ipv6 = name.split_once('%').map_or(&*name, |(ipv6, zone)| if zone.is_empty() { &name } else { ipv6 });
    let ipv6 = ipv6.parse::<Ipv6Addr>().ok();
    let resolver: Arc<dyn AnyResolve> = match address(&name, number) {
        Some(address) => Arc::new(Fixed::from(vec![Address::Tcp(address)])),
        None if ipv6.is_none() && (name.contains(':') || has_empty_label(&name)) => {
            return Err(format!("`{name}` is not a host"));
        }
        // It may have a zone by name, which the system resolves.
        None => Arc::new(Dns { host: name.clone(), port: number }),
    };
    let authority = match (ipv6, port) {
        (None, None) => name,
        (None, Some(port)) => format!("{name}:{port}"),
        // An authority has brackets and no zone, which means something on this machine alone.
        (Some(ipv6), None) => format!("[{ipv6}]"),
        (Some(ipv6), Some(port)) => format!("[{ipv6}]:{port}"),
    };
    Ok(TargetName { resolver, authority, security })
}

/// `host` as an address, which may have a numeric zone: `fe80::1%2`.
fn address(host: &str, port: u16) -> Option<SocketAddr> {
    let v4 = host.parse().map(|ip: Ipv4Addr| SocketAddr::from((ip, port)));
    v4.or_else(|_| format!("[{host}]:{port}").parse().map(SocketAddr::V6)).ok()
}

/// Only the last label may be empty: that of the root.
fn has_empty_label(host: &str) -> bool {
    host.strip_suffix('.').unwrap_or(host).split('.').any(str::is_empty)
}

fn origin(rest: &str, port: u16, security: Security) -> Result<TargetName, String> {
    let host = rest.strip_prefix("//").ok_or("expected two slashes after the scheme")?;
    let host = host.strip_suffix('/').unwrap_or(host);
    if host.contains(['/', '?', '#']) {
        return Err("expected only a host and a port after the scheme".to_owned());
    }
    dns(host, port, security)
}

/// `address[:port][,address[:port],...]`
fn addresses(rest: &str, is_right: impl Fn(&SocketAddr) -> bool) -> Result<TargetName, String> {
    let list = rest.strip_prefix("///").unwrap_or(rest);
    let read = |text: &str| {
        let (host, port) = split(text)?;
        let address = address(&host, port.unwrap_or(DEFAULT_PORT)).filter(&is_right);
        address.ok_or_else(|| format!("`{host}` is not an address of this kind"))
    };
    let found = list.split(',').map(|text| read(text.trim())).collect::<Result<Vec<_>, String>>()?;
    let authority = found.first().map(|first| match first {
        // Without the zone.
        SocketAddr::V6(v6) => SocketAddr::from((*v6.ip(), v6.port())).to_string(),
        SocketAddr::V4(v4) => v4.to_string(),
    });
    let resolver = Arc::new(Fixed::from(found.into_iter().map(Address::Tcp).collect::<Vec<_>>()));
    Ok(TargetName { resolver, authority: authority.unwrap_or_default(), security: Security::Unspecified })
}

fn unix_abstract(name: String) -> Result<TargetName, String> {
    if name.is_empty() || name.contains('\0') {
        return Err("expected a name without zero bytes".to_owned());
    }
    Ok(local(Address::UnixAbstract(name.into_bytes())))
}

fn local(address: Address) -> TargetName {
    TargetName {
        resolver: Arc::new(Fixed::from(vec![address])),
        authority: "localhost".to_owned(),
        security: Security::Unspecified,
    }
}

/// The decoded host, without brackets, and the port, if there is one. More than one colon means an IPv6 address without a port.
fn split(text: &str) -> Result<(String, Option<u16>), String> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or("`[` without `]`")?;
        if !host.contains(':') {
            return Err(format!("`{host}` is not an IPv6 address, and only those have brackets"));
        }
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
    let host = decoded_host(host)?;
    if host.is_empty() {
        return Err("expected a host".to_owned());
    }
    if host.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '@')) {
        return Err(format!("`{host}` is not a host"));
    }
    Ok((host, port.map(number).transpose()?))
}

fn number(port: &str) -> Result<u16, String> {
    let number = port.parse().ok().filter(|number| *number > 0 && !port.starts_with('+'));
    number.ok_or_else(|| format!("`{port}` is not a port"))
}
