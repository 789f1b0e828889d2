//! Creates a target from names or a resolver.

use std::sync::Arc;

use super::Target;
use super::resolve::{All, Resolve};
use super::settings::TargetSettings;
use super::target_name::{self, Security, TargetName, invalid};
use crate::Channel;

impl Channel {
    /// Creates a channel to the servers that `name` resolves to: settings follow, and [`Target::channel`] ends them.
    ///
    /// | name | servers |
    /// |---|---|
    /// | `dns:///host:port`, `dns:host:port`, `host:port` | the addresses that the system resolver finds; the default port is 443 |
    /// | `ipv4:10.0.0.1:50051,10.0.0.2:50051` | these addresses |
    /// | `ipv6:[2001:db8::1]:50051,[2001:db8::2]:50051` | these addresses |
    /// | `unix:path`, `unix:///path` | a Unix domain socket |
    /// | `unix-abstract:name` | a socket in Linux's abstract namespace |
    /// | `http://host:port`, `https://host:port` | as `dns:`, without or with TLS; the default port is 80 or 443 |
    ///
    /// These are the names of [gRPC](https://github.com/grpc/grpc/blob/master/doc/naming.md), and `http` and `https`. Schemes are
    /// case-insensitive. Hosts and paths may be percent-encoded: `unix:/run/my%20app.sock`. An IPv6 address may have a zone, by number or,
    /// except after `ipv6:`, by name. Its `%` may be written `%25`: `[fe80::1%2]:50051` and `[fe80::1%252]:50051` are the same.
    ///
    /// Without TLS, unless the name starts with `https:` or `Target::tls` is called.
    ///
    /// The channel connects at its first call, and calls wait until it is connected. When a connection is lost, the channel connects again,
    /// with [gRPC's backoff](https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md): 1 s after the first attempt, then 1.6 times
    /// the delay before, up to 120 s, plus or minus 20 %. While no server can be reached, calls fail with `UNAVAILABLE` and the last error
    /// of each server, unless they [wait for one](crate::Call::wait_for_ready).
    ///
    /// ```
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::{GetUserRequest, user_service_client::UserServiceClient};
    /// use rgrpc::{Channel, service_config::LoadBalancing};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let channel = Channel::target("dns:///users.prod:50051").load_balancing(LoadBalancing::RoundRobin).channel()?;
    /// let users = UserServiceClient::new(channel);
    /// let user = users.get_user(GetUserRequest { user_id: "7".into() }).wait_for_ready(true).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the channel is made: if `name` is none of these, or needs TLS and no feature for it is enabled.
    pub fn target(name: &str) -> Target {
        let parse = || {
            let TargetName { resolver, authority, security } = target_name::parse(name)?;
            let authority = target_name::authority(name, &authority)?;
            Ok(TargetSettings::new(name.to_owned(), resolver, authority, security))
        };
        Target::new(parse())
    }

    /// Creates a channel to the servers of all `names` together; otherwise as [`Channel::target`].
    ///
    /// The first name gives the authority.
    ///
    /// # Errors
    ///
    /// When the channel is made: if a name is invalid, if there are no names, or if only some of them are `https:`.
    pub fn target_list<'a>(names: impl IntoIterator<Item = &'a str>) -> Target {
        let names: Vec<_> = names.into_iter().collect();
        let whole = names.join(", ");
        let parse = || {
            let parsed = names.iter().map(|name| target_name::parse(name)).collect::<Result<Vec<_>, _>>()?;
            let first = parsed.first().ok_or_else(|| invalid(&whole, "expected at least one name"))?;
            let authority = target_name::authority(&whole, &first.authority)?;
            let security = parsed.iter().map(|name| name.security).max().unwrap_or(Security::Unspecified);
            if security == Security::Tls && parsed.iter().any(|name| name.security != Security::Tls) {
                return Err(invalid(&whole, "some names ask for TLS and others do not"));
            }
            let resolver = Arc::new(All(parsed.into_iter().map(|name| name.resolver).collect()));
            Ok(TargetSettings::new(whole.clone(), resolver, authority, security))
        };
        Target::new(parse())
    }

    /// Creates a channel to the servers that `resolver` finds; otherwise as [`Channel::target`].
    ///
    /// `authority` is the `:authority` of calls: a host, with or without a port. Its host is also the name that certificates are checked for.
    ///
    /// # Errors
    ///
    /// When the channel is made: if `authority` is not a host.
    pub fn resolved_by(resolver: impl Resolve, authority: &str) -> Target {
        let parsed = target_name::authority(authority, authority);
        Target::new(
            parsed
                .map(|host| TargetSettings::new(authority.to_owned(), Arc::new(resolver), host, Security::Unspecified)),
        )
    }
}
