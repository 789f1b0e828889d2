//! The limits of a server on its clients, and hyper's connections with these limits.

use std::time::Duration;

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::Instant;

use crate::deadline::clock::FAR;

/// The limits of a server. The documentation of [`Serve`](super::Serve) lists the defaults and their reasons.
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

/// The flow-control windows: how many bytes of requests a stream, and a connection, may hold that no handler has read. Small messages cost h2
/// more than their bytes, and it closes a connection on which too many wait, so the window of a connection is larger than that of a stream.
const STREAM_WINDOW: u32 = 1024 * 1024;
const CONNECTION_WINDOW: u32 = 16 * STREAM_WINDOW;

/// The largest DATA frame that a client may send. h2 reads the socket at least once for each frame; with 16 KiB, the smallest value allowed,
/// these reads cost more than all else.
const FRAME: u32 = 64 * 1024;

/// Sets the limits of HTTP/2 in the builder of hyper or in that of hyper-util, which have the same methods.
macro_rules! limit_http2 {
    ($limits:expr, $builder:expr) => {{
        let mut builder = $builder;
        builder
            .timer(TokioTimer::new())
            .auto_date_header(false)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_frame_size(FRAME)
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

    /// HTTP/2, and HTTP/1.1 for browsers without HTTP/2. An HTTP/1.1 connection that is silent between calls, or within the headers of one, is
    /// closed like an HTTP/2 connection that does not answer PINGs.
    #[cfg(feature = "web")]
    pub(super) fn http1_or_http2(&self) -> hyper_util::server::conn::auto::Builder<TokioExecutor> {
        const LEAST: usize = 8 * 1024;
        let mut builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
        limit_http2!(self, builder.http2());
        let silence = self.keepalive.map_or(self.handshake_timeout, |(interval, _)| interval);
        let mut http1 = builder.http1();
        http1.timer(TokioTimer::new()).auto_date_header(false).header_read_timeout(silence.min(FAR));
        http1.max_buf_size(usize::try_from(self.header_list_size).unwrap_or(usize::MAX).max(LEAST));
        builder
    }

    /// When a connection that begins now reaches its maximum age. "The random jitter of +/-10% [..] to spread out connection storms" (gRFC A9).
    pub(super) fn age(&self) -> Option<Instant> {
        self.max_age.map(|age| Instant::now() + age.min(FAR).mul_f64(fastrand::f64() * 0.2 + 0.9))
    }
}
