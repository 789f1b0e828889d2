//! Rejects URIs that name more, or less, than a server.

use http::Uri;

/// The reason against its authority or what follows that, with the remedy.
///
/// Whatever is not the host and the port would be left out without a word, or would be sent to a host or a port that nobody has named.
pub(super) fn problem(uri: &Uri) -> Option<&'static str> {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let port = authority.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.contains(']'));
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0) && !port.starts_with('+');
    if authority.contains('@') {
        // "The generator MUST NOT include the deprecated userinfo subcomponent" (RFC 9113, 8.3.1).
        Some("HTTP/2 has no user and no password in a URI; send credentials as metadata")
    } else if uri.host().is_none_or(|host| matches!(host, "" | "[]")) {
        Some("it has no host")
    } else if port.is_some_and(|port| !is_port(port)) {
        Some("its port is not a number from 1 to 65535")
    } else if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        Some(
            "a connection leads to a host and a port, and to no path; give the channel a path before those of its methods by `Channel::origin`",
        )
    } else {
        None
    }
}

/// The URI for a text that others may read: without a user and a password.
pub(super) fn shown(uri: &Uri) -> String {
    let (scheme, authority) =
        (uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", |authority| authority.as_str()));
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{host}{}", uri.path()),
        None => uri.to_string(),
    }
}
