//! Limits of a server on its clients, and the connections of hyper with these limits.

use super::Serve;
use crate::deadline::clock::FAR;
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::time::Duration;
use tokio::time::Instant;

/// The defaults and their reasons are in the documentation of [`Serve`](super::Serve).
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) connections: usize,
    pub(super) streams: u32,
    pub(super) calls: usize,
    pub(super) handshake_timeout: Duration,
    pub(super) keepalive: Option<(Duration, Duration)>,
    pub(super) max_age: Option<Duration>,
    pub(super) max_age_grace: Option<Duration>,
    pub(super) header_list_size: u32,
    pub(super) unread: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            streams: 100,
            calls: 20_000,
            handshake_timeout: Duration::from_secs(10),
            keepalive: Some((Duration::from_secs(60), Duration::from_secs(20))),
            max_age: Some(Duration::from_secs(60 * 60)),
            max_age_grace: None,
            header_list_size: 16 * 1024,
            unread: 64 * 1024 * 1024,
        }
    }
}

/// The most that a stream, and a connection, may hold of requests that no handler reads. Small messages cost h2 more than their bytes, and it ends
/// a connection on which too many wait, so there is more than one stream's worth.
const STREAM_WINDOW: u32 = 1024 * 1024;
const CONNECTION_WINDOW: u32 = 16 * STREAM_WINDOW;

/// Sets the limits of HTTP/2 in the builder of hyper or in that of hyper-util, which have the same methods.
macro_rules! limit_http2 {
    ($limits:expr, $builder:expr) => {{
        let mut builder = $builder;
        builder
            .timer(TokioTimer::new())
            .auto_date_header(false)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_concurrent_streams($limits.streams)
            .max_header_list_size($limits.header_list_size);
        if let Some((interval, timeout)) = $limits.keepalive {
            builder.keep_alive_interval(interval).keep_alive_timeout(timeout);
        }
        builder
    }};
}

impl Limits {
    pub(super) fn http2(&self) -> http2::Builder<TokioExecutor> {
        limit_http2!(self, http2::Builder::new(TokioExecutor::new()))
    }

    /// HTTP/2, and HTTP/1.1 for browsers that have no other. A connection of that which is silent between its calls, or within the headers
    /// of one, ends as one of HTTP/2 does that does not answer.
    #[cfg(feature = "web")]
    pub(super) fn either(&self) -> hyper_util::server::conn::auto::Builder<TokioExecutor> {
        const LEAST: usize = 8 * 1024;
        let mut builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
        limit_http2!(self, builder.http2());
        let silence = self.keepalive.map_or(self.handshake_timeout, |(interval, _)| interval);
        let mut http1 = builder.http1();
        http1.timer(TokioTimer::new()).auto_date_header(false).header_read_timeout(silence.min(FAR));
        http1.max_buf_size(usize::try_from(self.header_list_size).unwrap_or(usize::MAX).max(LEAST));
        builder
    }

    /// When a connection that begins now is too old. "The random jitter of +/-10% [..] to spread out connection storms" (gRFC A9).
    pub(super) fn age(&self) -> Option<Instant> {
        self.max_age.map(|age| Instant::now() + age.min(FAR).mul_f64(fastrand::f64() * 0.2 + 0.9))
    }
}

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

    /// How long a connection lives, give or take 10 %, before its client makes another one; `None` is for ever. Default: 1 h.
    ///
    /// Calls under way go on, on the old connection. Source: gRFC A9.
    pub fn max_connection_age(self, age: impl Into<Option<Duration>>) -> Self {
        let age = age.into();
        self.limit(|limits| limits.max_age = age)
    }

    /// How long calls may go on after that; then they end with `UNAVAILABLE`. `None` is for ever. Default: `None`.
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
