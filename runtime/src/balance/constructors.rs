//! Makes the settings of a channel from names or a resolver.

use std::sync::Arc;

use super::Target;
use super::resolve::{All, Resolve};
use super::settings::TargetSettings;
use super::target_name::{self, Security, TargetName, invalid};
use crate::Channel;

impl Channel {
    /// Settings for a channel to the servers that `name` stands for, over connections of this crate's own.
    ///
    /// | name | servers |
    /// |---|---|
    /// | `dns:///host:port`, `dns:host:port`, `host:port` | what the system's resolver finds; the default port is 443 |
    /// | `ipv4:10.0.0.1:50051,10.0.0.2:50051` | these |
    /// | `ipv6:[2001:db8::1]:50051,[2001:db8::2]:50051` | these |
    /// | `unix:path`, `unix:///path` | a Unix domain socket |
    /// | `unix-abstract:name` | one in Linux's abstract namespace |
    /// | `http://host:port`, `https://host:port` | as `dns:`, and without or with TLS; the default port is 80 or 443 |
    ///
    /// Names are URIs: the case of a scheme means nothing, and hosts and paths may be percent-encoded, as in `unix:/run/my%20app.sock`, also
    /// without a scheme. The zone of an IPv6 address is its number, or but for `ipv6:` also its name. Its `%` is `%25` in a URI, and may
    /// stand for itself: zone 2 is `[fe80::1%252]:50051` or `[fe80::1%2]:50051`.
    ///
    /// Connections are without TLS unless the name starts with `https:` or `Target::tls` says otherwise. They are made when the channel
    /// is first called, and made again when they are lost, with the pauses of gRPC's
    /// [connection backoff protocol](https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md): 1 s, then 1.6 times the pause
    /// before, up to 120 s, give or take 20 %. Calls wait until a connection stands. Once no server can be reached they fail with
    /// `UNAVAILABLE` and the last error of each, unless they were told to [wait](crate::Call::wait_for_ready).
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
    /// If `name` is none of these, or asks for TLS that is not compiled in.
    pub fn target(name: &str) -> Target {
        let parse = || {
            let TargetName { resolver, authority, security } = target_name::parse(name)?;
            let authority = target_name::authority(name, &authority)?;
            Ok(TargetSettings::new(name.to_owned(), resolver, authority, security))
        };
        Target::new(parse())
    }

    /// Settings for a channel to the servers of all `names` together; otherwise as [`Channel::target`].
    ///
    /// The authority of the first one is that of the channel.
    ///
    /// # Errors
    ///
    /// When the channel is made: if one of the names is invalid, there is none, or some ask for TLS and others do not.
    pub fn target_list<'a>(names: impl IntoIterator<Item = &'a str>) -> Target {
        let names: Vec<_> = names.into_iter().collect();
        let whole = names.join(", ");
        let parse = || {
            let parsed = names.iter().map(|name| target_name::parse(name)).collect::<Result<Vec<_>, _>>()?;
            let first = parsed.first().ok_or_else(|| invalid(&whole, "expected at least one name"))?;
            let authority = target_name::authority(&whole, &first.authority)?;
            let security = parsed.iter().map(|name| name.security).max().unwrap_or(Security::Unsaid);
            if security == Security::Tls && parsed.iter().any(|name| name.security != Security::Tls) {
                return Err(invalid(&whole, "some names ask for TLS and others do not"));
            }
            let resolver = Arc::new(All(parsed.into_iter().map(|name| name.resolver).collect()));
            Ok(TargetSettings::new(whole.clone(), resolver, authority, security))
        };
        Target::new(parse())
    }

    /// Settings for a channel to the servers that `resolver` finds; otherwise as [`Channel::target`].
    ///
    /// `authority`, a host with or without a port, is the name that servers and their certificates must have.
    ///
    /// # Errors
    ///
    /// When the channel is made: if `authority` is not a host.
    pub fn resolved_by(resolver: impl Resolve, authority: &str) -> Target {
        let parsed = target_name::authority(authority, authority);
        Target::new(
            parsed.map(|host| TargetSettings::new(authority.to_owned(), Arc::new(resolver), host, Security::Unsaid)),
        )
    }
}
