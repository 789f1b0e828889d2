//! The parts of a server's name: scheme, userinfo, percent-encoding and socket paths. Source: gRPC's naming.md.

use std::path::PathBuf;

use crate::grpc::percent_decode;

/// The scheme in lower case (RFC 3986, 3.1), and the text after its colon.
pub(crate) fn scheme(name: &str) -> (String, &str) {
    name.split_once(':').map_or((String::new(), name), |(scheme, rest)| (scheme.to_ascii_lowercase(), rest))
}

/// The problem with a name that has a user: "The generator MUST NOT include the deprecated userinfo subcomponent" (RFC 9113, 8.3.1).
pub(crate) const NO_USER: &str = "HTTP/2 allows no user or password in a name; send credentials as metadata";

/// The problem with a name that needs TLS.
pub(crate) const NO_TLS: &str = "this build has no TLS; enable the feature `tls-ring` or `tls-aws-lc` of rgrpc, and `tls-native-roots` or \
                                 `tls-webpki-roots` for the certificates to trust";

/// `name` without user and password, for errors and logs. A password may contain `@` and `/`.
pub(crate) fn shown(name: &str) -> String {
    match name.rsplit_once('@').filter(|_| !is_path(name)) {
        Some((before, host)) => {
            let scheme = before.find("//").map_or("", |slashes| &before[..slashes + 2]);
            format!("{scheme}{host}")
        }
        None => name.to_owned(),
    }
}

/// Whether a path follows the scheme, in which `@` has no meaning.
pub(crate) fn is_path(name: &str) -> bool {
    matches!(scheme(name).0.as_str(), "unix" | "unix-abstract")
}

/// Decodes the percent-encoding of `text` (RFC 3986, 2.1).
pub(crate) fn decoded(text: &str) -> Result<String, String> {
    String::from_utf8(percent_decode(text.as_bytes())).map_err(|_| format!("`{text}` is not UTF-8"))
}

/// The path of a Unix socket, from the text after `unix:`: `path` or `///absolute_path`.
pub(crate) fn unix_path(rest: &str) -> Result<PathBuf, String> {
    let rest = decoded(rest)?;
    let path = match rest.strip_prefix("//") {
        Some(path) if !path.starts_with('/') => return Err("expected an absolute path after `unix://`".to_owned()),
        Some(path) => path,
        None => &rest,
    };
    if path.is_empty() || path.contains('\0') {
        return Err("expected a path without zero bytes".to_owned());
    }
    Ok(PathBuf::from(path))
}
