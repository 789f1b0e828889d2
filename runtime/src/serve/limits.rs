//! What a server allows its clients, and the connections of hyper with these limits.

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::time::Duration;
use tokio::time::Instant;

/// The defaults and their reasons are in the documentation of [`Serve`](super::Serve).
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) connections: usize,
    pub(super) streams: u32,
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
            handshake_timeout: Duration::from_secs(10),
            keepalive: Some((Duration::from_secs(60), Duration::from_secs(20))),
            max_age: Some(Duration::from_secs(60 * 60)),
            max_age_grace: None,
            header_list_size: 16 * 1024,
            unread: 32 * 1024 * 1024,
        }
    }
}

/// What a stream, and a connection, may hold of requests that no handler reads. Small messages cost h2 more than their bytes, and it ends
/// a connection on which too many wait, so there is more than one stream's worth.
const STREAM_WINDOW: u32 = 1024 * 1024;
const CONNECTION_WINDOW: u32 = 16 * STREAM_WINDOW;

impl Limits {
    pub(super) fn http2(&self) -> http2::Builder<TokioExecutor> {
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .auto_date_header(false)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_concurrent_streams(self.streams)
            .max_header_list_size(self.header_list_size);
        if let Some((interval, timeout)) = self.keepalive {
            builder.keep_alive_interval(interval).keep_alive_timeout(timeout);
        }
        builder
    }

    /// When a connection that begins now is too old. "The random jitter of +/-10% [..] to spread out connection storms" (gRFC A9).
    pub(super) fn age(&self) -> Option<Instant> {
        self.max_age.map(|age| Instant::now() + age.mul_f64(fastrand::f64() * 0.2 + 0.9))
    }
}
