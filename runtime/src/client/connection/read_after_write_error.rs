//! Hides write errors, so that a connection is read to its end.
//!
//! The last GOAWAY of a server says which calls it took. If the server then closes the socket, a later write fails, and h2 would drop the
//! connection before it has read that GOAWAY: calls that the server never took could no longer be told from others. The reader finds the
//! end of the connection soon, because a connection that cannot be written is closed in both directions.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};

#[derive(Debug)]
pub(crate) struct ReadAfterWriteError<T> {
    io: T,
    broken: bool,
}

impl<T> ReadAfterWriteError<T> {
    pub(crate) fn new(io: T) -> Self {
        Self { io, broken: false }
    }
}

impl<T: Write + Unpin> ReadAfterWriteError<T> {
    /// Calls `write`, or returns `otherwise` after a write has failed.
    fn unless_broken<R>(
        &mut self,
        otherwise: R,
        write: impl FnOnce(Pin<&mut T>) -> Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        if self.broken {
            return Poll::Ready(Ok(otherwise));
        }
        Poll::Ready(match ready!(write(Pin::new(&mut self.io))) {
            Err(error) if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => {
                self.broken = true;
                Ok(otherwise)
            }
            result => result,
        })
    }
}

impl<T: Read + Unpin> Read for ReadAfterWriteError<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl<T: Write + Unpin> Write for ReadAfterWriteError<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        self.unless_broken(data.len(), |io| io.poll_write(cx, data))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.unless_broken((), |io| io.poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.unless_broken((), |io| io.poll_shutdown(cx))
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let all = data.iter().map(|slice| slice.len()).sum();
        self.unless_broken(all, |io| io.poll_write_vectored(cx, data))
    }
}
