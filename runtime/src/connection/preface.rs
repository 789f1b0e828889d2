//! Checks the first bytes of a peer: a connection is ready only when they are those of HTTP/2.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::sync::oneshot;

#[cfg(feature = "_tls")]
use crate::tls::explain;

/// The reason for which a byte stream ended, if it is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reason(Arc<Mutex<Option<String>>>);

impl Reason {
    fn set(&self, reason: impl Into<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| reason.into());
    }

    #[cfg(feature = "channel")]
    pub(crate) fn get(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Whether the first bytes are those of HTTP/2, or the problem with them.
pub(crate) type PrefaceResult = Result<(), String>;

/// Checks the first bytes; `None` if there are too few.
pub(crate) type CheckPreface = fn(&[u8]) -> Option<PrefaceResult>;

/// A byte stream whose first bytes are checked as they pass.
pub(crate) struct PrefaceCheck<I> {
    io: I,
    head: Vec<u8>,
    check: CheckPreface,
    result: Option<oneshot::Sender<PrefaceResult>>,
    reason: Reason,
}

impl<I> PrefaceCheck<I> {
    pub(crate) fn new(io: I, check: CheckPreface) -> (Self, oneshot::Receiver<PrefaceResult>, Reason) {
        let (result, receiver) = oneshot::channel();
        let reason = Reason::default();
        (Self { io, head: Vec::new(), check, result: Some(result), reason: reason.clone() }, receiver, reason)
    }

    fn look(&mut self, bytes: &[u8]) {
        if self.result.is_some() {
            self.head.extend(bytes.iter().take(HEAD - self.head.len().min(HEAD)));
            if let Some(result) = (self.check)(&self.head)
                && let Some(sender) = self.result.take()
            {
                let _ = sender.send(result);
            }
        }
    }
}

#[cfg(not(feature = "_tls"))]
fn explain(error: &io::Error) -> String {
    error.to_string()
}

/// The number of bytes that the check may need: the whole preface of an HTTP/2 client.
const HEAD: usize = 24;

impl<I: Read + Unpin> Read for PrefaceCheck<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if self.result.is_none() {
            let result = ready!(Pin::new(&mut self.io).poll_read(cx, buffer));
            if let Err(error) = &result {
                self.reason.set(explain(error));
            }
            return Poll::Ready(result);
        }
        let mut bytes = [0; HEAD];
        let fit = buffer.remaining().min(bytes.len());
        let mut first = hyper::rt::ReadBuf::new(&mut bytes[..fit]);
        let result = ready!(Pin::new(&mut self.io).poll_read(cx, first.unfilled()));
        if let Err(error) = &result {
            self.reason.set(explain(error));
        }
        buffer.put_slice(first.filled());
        self.look(first.filled());
        Poll::Ready(result)
    }
}

impl<I: Write + Unpin> Write for PrefaceCheck<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bytes)
    }
}
