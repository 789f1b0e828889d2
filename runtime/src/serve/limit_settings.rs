//! The settings of a server that limit its clients.

use std::time::Duration;

use super::Serve;
use crate::deadline::clock::FAR;

impl Serve {
    /// How many calls a connection may have at a time; further ones wait at the client. Default: 100.
    pub fn max_calls_per_connection(self, limit: u32) -> Self {
        self.limit(|limits| limits.streams = limit)
    }

    /// How many calls there may be at a time, of all connections; further ones end with `RESOURCE_EXHAUSTED` at once. Default: 20,000.
    ///
    /// A connection may have as many as [it may](Serve::max_calls_per_connection) as long as there are fewer than half as many, or no other has
    /// any. Beyond that, it is refused those that would be more than its fair share: what is left, divided by the connections that have
    /// calls. A connection may have one call in any case.
    pub fn max_calls(self, limit: usize) -> Self {
        self.limit(|limits| limits.calls = limit)
    }

    /// How many connections there may be; further ones are closed at once. Default: 10,000.
    ///
    /// Each takes a file descriptor: systemd's default is 1,024 for a service (`LimitNOFILE=`).
    pub fn max_connections(self, limit: usize) -> Self {
        self.limit(|limits| limits.connections = limit)
    }

    /// How long a client may take from its connection to the first bytes of HTTP/2, TLS included. Default: 10 s.
    pub fn handshake_timeout(self, timeout: Duration) -> Self {
        self.limit(|limits| limits.handshake_timeout = timeout)
    }

    /// Asks a client that has sent nothing for `interval` whether it is there, and gives it up if it does not answer within `timeout`.
    /// Default: 60 s and 20 s. HTTP/1.1 has no such question, so a browser that speaks it is given up after `interval` without a call.
    pub fn keepalive(self, interval: Duration, timeout: Duration) -> Self {
        self.limit(|limits| limits.keepalive = Some((interval.min(FAR), timeout.min(FAR))))
    }

    /// How long a connection lives, give or take 10 %, before its client makes another one; `None` is forever. Default: 1 h.
    ///
    /// Calls under way finish on the old connection. A client that has none, and no response left to read, must acknowledge the end of the
    /// connection within 5 s. Source: gRFC A9.
    pub fn max_connection_age(self, age: impl Into<Option<Duration>>) -> Self {
        let age = age.into();
        self.limit(|limits| limits.max_age = age)
    }

    /// How long calls may go on after that; then they end with `UNAVAILABLE`. `None` is forever. Default: `None`.
    pub fn max_connection_age_grace(self, grace: impl Into<Option<Duration>>) -> Self {
        let grace = grace.into();
        self.limit(|limits| limits.max_age_grace = grace)
    }

    /// The most bytes of headers of a call, as HPACK counts them. Default: 16 KiB.
    pub fn max_header_list_size(self, limit: u32) -> Self {
        self.limit(|limits| limits.header_list_size = limit)
    }

    /// The most bytes of responses that may wait for all clients to read them. Beyond half of it, the calls of a connection on which more
    /// waits than its fair share of what is left are halted until its client has read some of that; other connections go on. Default:
    /// 64 MiB.
    pub fn max_unread_responses(self, bytes: usize) -> Self {
        self.limit(|limits| limits.unread = bytes)
    }
}
