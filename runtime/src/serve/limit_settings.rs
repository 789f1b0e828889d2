//! The settings of a server that limit its clients.

use std::time::Duration;

use super::Serve;
use crate::deadline::clock::FAR;

impl Serve {
    /// Limits the calls of a connection at a time; clients hold back further ones. Default: 100.
    pub fn max_calls_per_connection(self, limit: u32) -> Self {
        self.limit(|limits| limits.streams = limit)
    }

    /// Limits the calls of all connections at a time; further ones end with `RESOURCE_EXHAUSTED` at once. Default: 20,000.
    ///
    /// Up to half of the limit, or while no other connection has calls, only [`max_calls_per_connection`](Serve::max_calls_per_connection)
    /// limits a connection. Beyond that, a connection is held to its fair share: what is left, divided by the number of connections that have
    /// calls. Each connection may always have one call.
    pub fn max_calls(self, limit: usize) -> Self {
        self.limit(|limits| limits.calls = limit)
    }

    /// Limits the number of connections; further ones are closed at once. Default: 10,000.
    ///
    /// Each takes a file descriptor, of which systemd allows a service 1,024 by default (`LimitNOFILE=`).
    pub fn max_connections(self, limit: usize) -> Self {
        self.limit(|limits| limits.connections = limit)
    }

    /// Limits the time from accepting a connection to the first bytes of HTTP/2, including TLS. Default: 10 s.
    pub fn handshake_timeout(self, timeout: Duration) -> Self {
        self.limit(|limits| limits.handshake_timeout = timeout)
    }

    /// Sends a PING to a client that has sent nothing for `interval`, and closes the connection if no answer comes within `timeout`.
    /// Default: 60 s and 20 s.
    ///
    /// HTTP/1.1 has no PING: such a connection of a browser is closed after `interval` without a call.
    pub fn keepalive(self, interval: Duration, timeout: Duration) -> Self {
        self.limit(|limits| limits.keepalive = Some((interval.min(FAR), timeout.min(FAR))))
    }

    /// Limits the age of a connection, give or take 10 %; then its client has to open another one. `None` is no limit. Default: 1 h.
    ///
    /// Running calls finish on the old connection. A client that has none, and no response left to read, must acknowledge the end of the
    /// connection within 5 s. Source: gRFC A9.
    pub fn max_connection_age(self, age: impl Into<Option<Duration>>) -> Self {
        let age = age.into();
        self.limit(|limits| limits.max_age = age)
    }

    /// Limits the time that calls have to finish on a connection that has reached its [age](Serve::max_connection_age); then they end with
    /// `UNAVAILABLE`. `None` is no limit. Default: `None`.
    pub fn max_connection_age_grace(self, grace: impl Into<Option<Duration>>) -> Self {
        let grace = grace.into();
        self.limit(|limits| limits.max_age_grace = grace)
    }

    /// Limits the size of a call's headers, in bytes, as HPACK counts them. Default: 16 KiB.
    pub fn max_header_list_size(self, limit: u32) -> Self {
        self.limit(|limits| limits.header_list_size = limit)
    }

    /// Limits the bytes of responses that wait for clients to read them, over all connections. Default: 64 MiB.
    ///
    /// Beyond half of the limit, a connection is held to its fair share: what is left, divided by the number of connections on which responses
    /// wait. The calls of a connection that exceeds its share pause until the client has read some of the responses. Other connections go on.
    /// Pieces of less than 16 KiB do not count.
    pub fn max_unread_responses(self, bytes: usize) -> Self {
        self.limit(|limits| limits.unread = bytes)
    }
}
