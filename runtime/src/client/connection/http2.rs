//! An HTTP/2 connection to a server, which is ready once the server's settings have arrived.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use h2::client::SendRequest;
use http::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tonic::body::Body;

use super::disconnect::Disconnect;
use super::exchange::{ExchangeError, ResponseBody, exchange};
use super::flow_control;
use super::keepalive::{CallActivity, ConnectionActivity, Keepalives, Pings};
use super::read_after_write_error::ReadAfterWriteError;
use super::stream_limit::StreamLimit;
use crate::BoxError;
use crate::connection::address::Address;
use crate::connection::preface::{PrefaceCheck, PrefaceResult};

/// A connection to a server, shared by any number of calls. It closes after its last call, once the last handle is dropped.
#[derive(Clone)]
pub(crate) struct Connection(Arc<ConnectionState>);

struct ConnectionState {
    sender: SendRequest<Bytes>,
    address: Address,
    calls: AtomicUsize,
    stream_limit: Arc<StreamLimit>,
    /// The activity of calls, for keepalive, if it is on.
    activity: Option<Arc<ConnectionActivity>>,
    /// Signals by its drop that the last handle is gone.
    _held: oneshot::Sender<()>,
}

/// Establishes a connection over `io`. The receiver gets the reason when the connection takes no more calls.
pub(super) async fn establish<I>(
    io: I,
    address: &Address,
    keepalive: &Keepalives,
) -> Result<(Connection, oneshot::Receiver<Disconnect>), BoxError>
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (io, preface, reason) = PrefaceCheck::new(ReadAfterWriteError::new(TokioIo::new(io)), check_preface);
    let mut builder = h2::client::Builder::new();
    builder
        .enable_push(false)
        .initial_window_size(flow_control::STREAM)
        .initial_connection_window_size(flow_control::CONNECTION)
        .max_frame_size(flow_control::FRAME)
        .max_header_list_size(MAX_HEADERS)
        .max_send_buffer_size(SEND_BUFFER);
    let (sender, mut connection) = builder.handshake(TokioIo::new(io)).await?;
    let pings = connection.ping_pong().map(|h2| Pings::new(keepalive, address, h2));
    let activity = pings.as_ref().map(|pings| pings.activity().clone());
    let stream_limit = StreamLimit::new(sender.current_max_send_streams());
    let ((close, closed), (held, gone)) = (oneshot::channel(), oneshot::channel());
    let task = ConnectionTask { sender: Some(sender.clone()), gone, pings, stream_limit: stream_limit.clone() };
    tokio::spawn(task.run(connection, close));
    match preface.await {
        Ok(Ok(())) => {}
        Ok(Err(problem)) => return Err(problem.into()),
        Err(_) => {
            return Err(reason.get().unwrap_or_else(|| "the server closed the connection at once".to_owned()).into());
        }
    }
    let open = ConnectionState {
        sender,
        address: address.clone(),
        calls: AtomicUsize::new(0),
        stream_limit,
        activity,
        _held: held,
    };
    Ok((Connection(Arc::new(open)), closed))
}

/// The limit of a response's headers, in bytes, which is tonic's.
const MAX_HEADERS: u32 = 16 * 1024;

/// The limit of a stream's unsent bytes in memory. h2's default is 400 KiB.
const SEND_BUFFER: usize = 1024 * 1024;

/// Runs a connection: h2's part, keepalive and the stream limit.
struct ConnectionTask {
    /// Reports whether the connection takes calls; `None` once there will be none.
    sender: Option<SendRequest<Bytes>>,
    gone: oneshot::Receiver<()>,
    pings: Option<Pings>,
    stream_limit: Arc<StreamLimit>,
}

/// Ends waiting calls, also when the runtime of the connection is shut down.
impl Drop for ConnectionTask {
    fn drop(&mut self) {
        self.stream_limit.close();
    }
}

impl ConnectionTask {
    /// Runs `connection` to its end. `close` gets the reason when it takes no more calls.
    async fn run<I: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
        mut self,
        mut connection: h2::client::Connection<I, Bytes>,
        close: oneshot::Sender<Disconnect>,
    ) {
        let mut close = Some(close);
        let mut tell = |why: Disconnect, stream_limit: &StreamLimit| {
            stream_limit.close();
            if let Some(close) = close.take() {
                let _ = close.send(why);
            }
        };
        poll_fn(|cx| {
            if self.stream_limit.waits() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            if self.sender.is_some() && Pin::new(&mut self.gone).poll(cx).is_ready() {
                self.sender = None;
                tell(Disconnect::Shutdown, &self.stream_limit);
            }
            if let Poll::Ready(ended) = Pin::new(&mut connection).poll(cx) {
                // A GOAWAY with NO_ERROR is no error of the connection, but one of its sender.
                let error = ended.err().or_else(|| self.closing(cx));
                tell(error.as_ref().map_or(Disconnect::Unknown, |error| self.disconnect(error)), &self.stream_limit);
                return Poll::Ready(());
            }
            match self.closing(cx) {
                Some(error) => tell(self.disconnect(&error), &self.stream_limit),
                None => self.start_turn(cx),
            }
            match self.pings.as_mut().map(|pings| pings.poll_silence(cx)) {
                Some(Poll::Ready(())) => {
                    tell(Disconnect::TimedOut, &self.stream_limit);
                    Poll::Ready(())
                }
                _ => Poll::Pending,
            }
        })
        .await;
    }

    /// The error by which the connection takes no more calls, while others may still be running.
    fn closing(&mut self, cx: &mut Context<'_>) -> Option<h2::Error> {
        let Poll::Ready(Err(error)) = self.sender.as_mut()?.poll_ready(cx) else { return None };
        self.sender = None;
        Some(error)
    }

    /// The reason for a disconnection by `error`, which may be a complaint about pings.
    fn disconnect(&mut self, error: &h2::Error) -> Disconnect {
        if let Some(pings) = &mut self.pings {
            pings.ended(error);
        }
        error.into()
    }

    fn start_turn(&self, cx: &mut Context<'_>) {
        if let Some(sender) = &self.sender {
            self.stream_limit.turn(sender.current_max_send_streams(), cx);
        }
    }
}

/// "The server connection preface consists of a potentially empty SETTINGS frame that MUST be the first frame" (RFC 9113, 3.4).
fn check_preface(head: &[u8]) -> Option<PrefaceResult> {
    const SETTINGS: u8 = 4;
    if head.starts_with(b"HTTP/1") {
        return Some(Err("the server speaks HTTP/1, not HTTP/2".to_owned()));
    }
    // A TLS alert, which is shorter than the header of a frame.
    if head.starts_with(&[21, 3]) {
        return Some(Err("the server speaks TLS: use `https` or `tls`".to_owned()));
    }
    // Length, type, flags and stream.
    match head.get(..9)? {
        [_, _, _, SETTINGS, _, 0, 0, 0, 0] => Some(Ok(())),
        _ => Some(Err("the server does not speak HTTP/2".to_owned())),
    }
}

impl Connection {
    pub(crate) fn address(&self) -> &Address {
        &self.0.address
    }

    /// Whether it takes no more calls.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.stream_limit.is_closed()
    }

    /// The number of running calls.
    pub(crate) fn calls(&self) -> usize {
        self.0.calls.load(Ordering::Relaxed)
    }

    /// Counts a call until the returned guard is dropped, unless there are `limit` calls already.
    pub(crate) fn count(&self, limit: usize) -> Option<InFlightCall> {
        let counted = InFlightCall(self.clone());
        // Dropping the guard undoes the increment if it is over the limit.
        (self.0.calls.fetch_add(1, Ordering::Relaxed) < limit).then_some(counted)
    }

    /// Sends `request`, or returns it if the connection ended before.
    pub(crate) async fn send(&self, request: Request<Body>) -> Result<Response<ResponseBody>, ExchangeError> {
        let Some(slot) = self.0.stream_limit.enter().await else {
            return Err(ExchangeError::NotSent(Box::new(request)));
        };
        let sent = exchange(self.0.sender.clone(), slot, self.0.activity.as_ref().map(CallActivity::of), request).await;
        if sent.is_err() {
            self.0.close_if_ended().await;
        }
        sent
    }
}

impl ConnectionState {
    /// Marks the connection closed before its task sees that it is: a call that was refused would otherwise pick it again at once.
    async fn close_if_ended(&self) {
        let mut sender = self.sender.clone();
        if poll_fn(|cx| Poll::Ready(matches!(sender.poll_ready(cx), Poll::Ready(Err(_))))).await {
            self.stream_limit.close();
        }
    }
}

impl PartialEq for Connection {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("address", self.address())
            .field("calls", &self.calls())
            .finish_non_exhaustive()
    }
}

/// A running call, which is counted until this is dropped.
#[derive(Debug)]
pub(crate) struct InFlightCall(Connection);

impl Drop for InFlightCall {
    fn drop(&mut self) {
        self.0.0.calls.fetch_sub(1, Ordering::Relaxed);
    }
}
