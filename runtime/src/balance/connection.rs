//! Takes a byte stream to a server; gives the HTTP/2 connection on it, once the server has shown that it speaks HTTP/2.

use super::Address;
use crate::{
    BoxError,
    greeting::{Greeting, Verdict},
    until_read::UntilRead,
    windows,
};
use http::{Request, Response};
use hyper::{
    body::Incoming,
    client::conn::{TrySendError, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::{
    fmt,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
};
use tonic::body::Body;

/// When a connection is asked whether it still stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeepAlive {
    pub(super) interval: Duration,
    pub(super) timeout: Duration,
    pub(super) while_idle: bool,
}

/// A connection to a server, which any number of calls share.
#[derive(Clone)]
pub(super) struct Connection {
    sender: http2::SendRequest<Body>,
    address: Address,
    calls: Arc<AtomicUsize>,
}

/// A connection, and the news of its end.
pub(super) struct Established {
    pub(super) connection: Connection,
    /// Why no more calls can be made on it.
    pub(super) closed: oneshot::Receiver<String>,
}

pub(super) async fn establish<I>(
    io: I,
    address: &Address,
    keep_alive: Option<KeepAlive>,
) -> Result<Established, BoxError>
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .initial_stream_window_size(windows::STREAM)
        .initial_connection_window_size(windows::CONNECTION);
    if let Some(keep_alive) = keep_alive {
        builder
            .keep_alive_interval(keep_alive.interval)
            .keep_alive_timeout(keep_alive.timeout)
            .keep_alive_while_idle(keep_alive.while_idle);
    }
    let (io, greeting, reason) = Greeting::new(UntilRead::new(TokioIo::new(io)), judge);
    let (sender, connection) = builder.handshake(io).await?;
    let (close, closed) = oneshot::channel();
    let ended = reason.clone();
    tokio::spawn(async move {
        let result = connection.await;
        let why = ended.get().or_else(|| result.err().map(|error| describe(&error)));
        let _ = close.send(why.unwrap_or_else(|| "the server closed the connection".to_owned()));
    });
    match greeting.await {
        Ok(Ok(())) => {}
        Ok(Err(problem)) => return Err(problem.into()),
        Err(_) => {
            return Err(reason.get().unwrap_or_else(|| "the server closed the connection at once".to_owned()).into());
        }
    }
    let connection = Connection { sender, address: address.clone(), calls: Arc::default() };
    Ok(Established { connection, closed })
}

/// "The server connection preface consists of a potentially empty SETTINGS frame that MUST be the first frame" (RFC 9113, 3.4).
fn judge(head: &[u8]) -> Option<Verdict> {
    const SETTINGS: u8 = 4;
    if head.starts_with(b"HTTP/1") {
        return Some(Err("the server speaks HTTP/1, not HTTP/2".to_owned()));
    }
    // An alert, which is shorter than a frame's head.
    if head.starts_with(&[21, 3]) {
        return Some(Err("the server speaks TLS: call it by `https`, or by `Target::tls`".to_owned()));
    }
    // Length, type, flags and stream.
    match head.get(..9)? {
        [_, _, _, SETTINGS, _, 0, 0, 0, 0] => Some(Ok(())),
        _ => Some(Err("the server does not speak HTTP/2".to_owned())),
    }
}

/// An error with all of its causes, of which the innermost says most.
pub(super) fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

impl Connection {
    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// Whether no call can be made on it any more.
    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// How many calls are under way.
    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Counts a call for as long as what it gives lives, unless there are `limit` already.
    pub(super) fn count(&self, limit: usize) -> Option<Counted> {
        let counted = Counted(self.calls.clone());
        // One that is over the limit is taken back by its drop.
        (self.calls.fetch_add(1, Ordering::Relaxed) < limit).then_some(counted)
    }

    /// Sends `request`; gives it back where the connection ended before it was sent.
    pub(super) fn send(
        &self,
        request: Request<Body>,
    ) -> impl Future<Output = Result<Response<Incoming>, TrySendError<Request<Body>>>> + use<> {
        self.sender.clone().try_send_request(request)
    }
}

impl PartialEq for Connection {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.calls, &other.calls)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("address", &self.address)
            .field("calls", &self.calls())
            .finish_non_exhaustive()
    }
}

/// A call under way.
#[derive(Debug)]
pub(super) struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
