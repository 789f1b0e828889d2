//! Writes the frames of all messages that are ready into one buffer.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{BufMut, Bytes};
use futures_core::Stream;
use prost::Message;
use tonic::Status;

use super::Frame;
use crate::deadline::clock::{self, Instant};
use crate::grpc::codec::{self, Encoded};
use crate::intercept::OnMessage;

/// The size in bytes at which a batch waits for no more messages.
const FULL: usize = 32 * 1024;
/// For the message that makes a piece full.
const LAST: usize = 4 * 1024;
/// A stream that has so many messages ready and then pauses may do so for others' sake alone, as `tokio_stream::iter` does, and have more.
const RUN: usize = 32;
/// Behind the first of such pauses, it is asked for more for as long: others run if its messages take longer to make.
const PATIENCE: Duration = Duration::from_millis(5);

/// Frames, one behind the other.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    frames: Vec<u8>,
    /// It is full with as many bytes; with none, the first message fills it, in the buffer of its thread.
    full: usize,
    /// How many bytes are reserved for the first message and those that follow.
    room: usize,
}

/// Why no more frames were written.
pub(crate) enum Filled {
    /// The batch is full, or no message is ready.
    Paused,
    Ended,
    Failed(Status),
}

/// A stream of messages that writes them itself, so that the sender need not know their type, and asks once for many.
pub(crate) trait Fill: Send {
    /// Writes messages that are ready, none of more than `limit` bytes, until the batch is full.
    fn fill(self: Pin<&mut Self>, cx: &mut Context<'_>, batch: &mut Batch, limit: Option<usize>) -> Filled;
}

/// Messages on their way, or the status that they end with.
pub(crate) type Filling = Pin<Box<dyn Fill>>;

/// An item of a stream of messages.
pub(crate) trait Framed {
    fn write(self, batch: &mut Batch, limit: Option<usize>) -> Result<(), Status>;
}

impl<M: Message> Framed for Result<M, Status> {
    fn write(self, batch: &mut Batch, limit: Option<usize>) -> Result<(), Status> {
        let message = self?;
        let frames = batch.begin(message.encoded_len(), limit)?;
        message.encode_raw(frames);
        Ok(())
    }
}

impl Framed for Result<Encoded, Status> {
    fn write(self, batch: &mut Batch, limit: Option<usize>) -> Result<(), Status> {
        let message = self?;
        batch.begin(message.len(), limit)?.put_slice(message.as_bytes());
        message.free();
        Ok(())
    }
}

impl<S: Stream<Item: Framed> + Send> Fill for S {
    fn fill(mut self: Pin<&mut Self>, cx: &mut Context<'_>, batch: &mut Batch, limit: Option<usize>) -> Filled {
        let mut run = 0;
        let mut first_pause = None;
        let mut was_patient = || clock::EXISTS && first_pause.get_or_insert_with(Instant::now).elapsed() >= PATIENCE;
        loop {
            match self.as_mut().poll_next(cx) {
                Poll::Pending if run < RUN || was_patient() => return Filled::Paused,
                Poll::Pending => run = 0,
                Poll::Ready(None) => return Filled::Ended,
                Poll::Ready(Some(message)) => {
                    if let Err(status) = message.write(batch, limit) {
                        return Filled::Failed(status);
                    }
                    run += 1;
                }
            }
            if batch.is_full() {
                return Filled::Paused;
            }
        }
    }
}

impl Batch {
    /// For as many messages as are ready; the one before had `last` bytes.
    pub(crate) fn after(last: usize) -> Self {
        let room = if last < FULL { last } else { FULL + LAST };
        Self { frames: Vec::new(), full: FULL, room }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.frames.len() >= self.full
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.frames.len()
    }

    /// The lengths of the messages that were written behind `start`.
    pub(crate) fn lengths(&self, start: usize) -> impl Iterator<Item = usize> {
        Frame::lengths(self.behind(start))
    }

    /// Tells of the messages that were written behind `start`.
    pub(crate) fn tell(&self, start: usize, on_message: &OnMessage) {
        if !on_message.is_empty() {
            self.lengths(start).for_each(|len| on_message.tell(len));
        }
    }

    /// The bytes written after `start`.
    pub(crate) fn behind(&self, start: usize) -> &[u8] {
        &self.frames[start..]
    }

    /// Adds the first of the whole `frames`, and others until the batch is full; gives how many bytes they have.
    pub(crate) fn put_some(&mut self, frames: &[u8]) -> usize {
        let mut rest = frames;
        while let Some((frame, after)) = Frame::split_first(rest) {
            self.put(frame);
            rest = after;
            if self.is_full() {
                break;
            }
        }
        frames.len() - rest.len()
    }

    /// Adds a message that is here.
    pub(crate) fn put_message(&mut self, message: Encoded) {
        self.put(&Frame::header(message.len()));
        self.put(message.as_bytes());
        message.free();
    }

    /// Adds a frame, or a part of one.
    pub(crate) fn put(&mut self, frame: &[u8]) {
        self.reserve(frame.len());
        self.frames.extend_from_slice(frame);
    }

    /// Drops what was written behind `start` of a message that panicked meanwhile.
    pub(crate) fn drop_part(&mut self, start: usize) {
        let whole: usize = self.lengths(start).map(|length| Frame::HEADER + length).sum();
        self.frames.truncate(start + whole);
    }

    /// The frames, in a buffer of at most twice their size: they may wait for a client that reads nothing.
    pub(crate) fn into_bytes(mut self) -> Bytes {
        if self.frames.capacity() / 2 > self.frames.len() {
            self.frames.shrink_to_fit();
        }
        self.frames.into()
    }

    /// Writes the header of a message of `len` bytes; the message comes next.
    fn begin(&mut self, len: usize, limit: Option<usize>) -> Result<&mut Vec<u8>, Status> {
        codec::check_size(len, limit)?;
        self.reserve(Frame::HEADER + len);
        self.frames.put_slice(&Frame::header(len));
        Ok(&mut self.frames)
    }

    fn reserve(&mut self, len: usize) {
        if self.frames.capacity() - self.frames.len() >= len {
            return;
        }
        if !self.frames.is_empty() {
            self.frames.reserve(len);
            return;
        }
        if self.full == 0 {
            self.frames = codec::thread_buffer();
        }
        self.frames.reserve_exact(len.max(self.room));
    }
}

impl Encoded {
    /// A message of a stream, alone.
    pub(crate) fn of_stream<M: Message>(message: M) -> Result<Self, Status> {
        let mut batch = Batch::default();
        Ok(message).write(&mut batch, None)?;
        Ok(Self::Pooled(batch.frames))
    }

    /// The next message that `fill` writes, alone.
    pub(crate) fn poll_next(fill: impl FnOnce(&mut Batch) -> Filled) -> Poll<Option<Result<Self, Status>>> {
        let mut batch = Batch::default();
        let filled = fill(&mut batch);
        if !batch.is_empty() {
            return Poll::Ready(Some(Ok(Self::Pooled(batch.frames))));
        }
        match filled {
            Filled::Paused => Poll::Pending,
            Filled::Ended => Poll::Ready(None),
            Filled::Failed(status) => Poll::Ready(Some(Err(status))),
        }
    }
}

#[cfg(test)]
mod tests;
