//! Parses the target of a channel into the address and port of OpenTelemetry's conventions.

/// `server.address` and `server.port` of a `target`, such as `dns:///users.prod:443`. Several addresses count as one, without a port.
pub(crate) fn server(target: &str) -> (&str, Option<u16>) {
    let (scheme, rest) = target.split_once(':').unwrap_or(("", target));
    if scheme.starts_with("unix") {
        return (rest.strip_prefix("//").unwrap_or(rest), None);
    }
    let name = match rest.strip_prefix("//") {
        Some(uri) if scheme.starts_with("http") => uri.split('/').next().unwrap_or_default(),
        // `dns://authority/name`
        Some(uri) => uri.split_once('/').map_or(uri, |(_, name)| name),
        None => rest,
    };
    let split = name.rsplit_once(':').filter(|_| !name.contains(','));
    match split.and_then(|(host, port)| Some((host, port.parse().ok()?))) {
        // The last group of an IPv6 address is not a port.
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (unbracketed(host), Some(port)),
        _ => (unbracketed(name), None),
    }
}

fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_and_the_port_are_those_of_the_name() {
        let cases = [
            ("dns:///users.prod:443", "users.prod", Some(443)),
            ("dns:users.prod:443", "users.prod", Some(443)),
            ("dns:///users.prod", "users.prod", None),
            ("dns://8.8.8.8/users.prod:443", "users.prod", Some(443)),
            ("http://[::1]:50051", "::1", Some(50051)),
            ("https://users.prod:443/prefix", "users.prod", Some(443)),
            ("http://users.prod", "users.prod", None),
            ("ipv4:10.0.0.1:50051", "10.0.0.1", Some(50051)),
            ("ipv4:10.0.0.1:1,10.0.0.2:2", "10.0.0.1:1,10.0.0.2:2", None),
            ("ipv6:[2607:f8b0::1]:443", "2607:f8b0::1", Some(443)),
            ("ipv6:2607:f8b0::1", "2607:f8b0::1", None),
            ("unix:/run/users.sock", "/run/users.sock", None),
            ("unix:///run/users.sock", "/run/users.sock", None),
            ("unix-abstract:users", "users", None),
            ("users:///anything", "anything", None),
            ("dns:///users.prod:99999", "users.prod:99999", None),
            ("inproc:", "", None),
            ("", "", None),
        ];
        for (target, address, port) in cases {
            assert_eq!(server(target), (address, port), "{target}");
        }
    }
}
