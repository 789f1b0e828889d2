//! Serves HTTP/2 on a connection, and also HTTP/1.1 if the server serves browsers.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::calls::{Calls, ServerState};
use super::in_flight::InFlight;
use super::incoming::ByteStream;
use crate::connection::preface::{CheckPreface, PrefaceCheck, PrefaceResult};

type Stream = PrefaceCheck<TokioIo<Box<dyn ByteStream>>>;

/// The future of a connection. It completes once the client is gone, or, after [`Self::finish`], once all calls have finished.
pub(super) struct ServerConnection {
    protocol: Protocol,
    calls: InFlight,
}

enum Protocol {
    Http2(Pin<Box<http2::Connection<Stream, Calls, TokioExecutor>>>),
    /// The one that the first bytes belong to.
    #[cfg(feature = "web")]
    Http1OrHttp2(Pin<Box<hyper_util::server::conn::auto::Connection<'static, Stream, Calls, TokioExecutor>>>),
}

impl ServerConnection {
    pub(super) fn new(stream: Stream, calls: Calls) -> Self {
        Self { calls: calls.in_flight.clone(), protocol: Protocol::new(stream, calls) }
    }

    /// Accepts no more calls.
    pub(super) fn finish(&mut self) {
        match &mut self.protocol {
            Protocol::Http2(connection) => connection.as_mut().graceful_shutdown(),
            #[cfg(feature = "web")]
            Protocol::Http1OrHttp2(connection) => connection.as_mut().graceful_shutdown(),
        }
    }
}

impl Protocol {
    fn new(stream: Stream, calls: Calls) -> Self {
        let limits = calls.shared.limits;
        #[cfg(feature = "web")]
        if calls.shared.web.is_some() {
            return Self::Http1OrHttp2(Box::pin(limits.http1_or_http2().serve_connection(stream, calls).into_owned()));
        }
        Self::Http2(Box::pin(limits.http2().serve_connection(stream, calls)))
    }
}

impl Future for ServerConnection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.calls.waits() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        match &mut self.protocol {
            Protocol::Http2(connection) => connection.as_mut().poll(cx).map(drop),
            #[cfg(feature = "web")]
            Protocol::Http1OrHttp2(connection) => connection.as_mut().poll(cx).map(drop),
        }
    }
}

/// The check of a client's first bytes.
pub(super) fn check_preface(shared: &ServerState) -> CheckPreface {
    #[cfg(feature = "web")]
    if shared.web.is_some() {
        return check_http1_or_http2;
    }
    let _ = shared;
    check_http2
}

/// "The client connection preface starts with a sequence of 24 octets" (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

fn check_http2(head: &[u8]) -> Option<PrefaceResult> {
    if head.starts_with(PREFACE) {
        return Some(Ok(()));
    }
    if PREFACE.starts_with(head) {
        return None;
    }
    Some(Err(match head {
        [22, 3, ..] => "the client speaks TLS, and the server does not: use `http://`, or configure `tls`",
        _ if head.windows(6).any(|bytes| bytes == b"HTTP/1") => {
            "the client speaks HTTP/1, which only a server with `web` accepts"
        }
        _ => "the client does not speak HTTP/2",
    }
    .to_owned()))
}

/// Accepts bytes that are neither HTTP/2 nor HTTP/1.1: hyper answers them with an error.
#[cfg(feature = "web")]
fn check_http1_or_http2(head: &[u8]) -> Option<PrefaceResult> {
    match head {
        [22, 3, ..] => check_http2(head),
        _ if PREFACE.starts_with(head) && head.len() < PREFACE.len() => None,
        _ => Some(Ok(())),
    }
}
