//! Writes the frames of all messages that are ready into one buffer.
//!
//! A batch becomes one piece of a body, so that a stream of small messages costs one DATA frame for many of them.

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

/// The size in bytes at which a batch is full.
const FULL: usize = 32 * 1024;
/// The room for the message that fills a batch, in bytes.
const LAST: usize = 4 * 1024;
/// A stream that pauses after this many messages may only want other tasks to run, as `tokio_stream::iter` does, and have more: it is polled
/// again at once.
const RUN: usize = 32;
/// How long such pauses are ignored, from the first one on: then other tasks run, if the messages take long to make.
const PATIENCE: Duration = Duration::from_millis(5);

/// Frames, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    frames: Vec<u8>,
    /// The size in bytes at which it is full. With 0, the first message fills it, and its buffer is that of the thread.
    full: usize,
    /// How many bytes to reserve for the first message and those that follow.
    room: usize,
}

/// Why no more frames were written.
pub(crate) enum Filled {
    /// The batch is full, or no message is ready.
    Paused,
    /// The stream has ended.
    Ended,
    /// The stream has failed.
    Failed(Status),
}

/// A stream of messages that encodes them itself: its user does not depend on their type, and makes one dynamic call for many of them.
pub(crate) trait Fill: Send {
    /// Writes the messages that are ready, none of more than `limit` bytes, until the batch is full.
    fn fill(self: Pin<&mut Self>, cx: &mut Context<'_>, batch: &mut Batch, limit: Option<usize>) -> Filled;
}

/// A stream of messages, up to the status that it may end with.
pub(crate) type BoxFill = Pin<Box<dyn Fill>>;

/// An item of a stream of messages.
pub(crate) trait Framed {
    /// Appends the frame of the message.
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
    /// A batch for as many messages as are ready, after one that had `last` bytes.
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

    /// The lengths of the messages that were written after `start`.
    pub(crate) fn lengths(&self, start: usize) -> impl Iterator<Item = usize> {
        Frame::lengths(self.behind(start))
    }

    /// Tells `on_message` of the messages that were written after `start`.
    pub(crate) fn tell(&self, start: usize, on_message: &OnMessage) {
        if !on_message.is_empty() {
            self.lengths(start).for_each(|len| on_message.tell(len));
        }
    }

    /// The bytes written after `start`.
    pub(crate) fn behind(&self, start: usize) -> &[u8] {
        &self.frames[start..]
    }

    /// Adds the first of the complete `frames`, and further ones until the batch is full; returns how many bytes it added.
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

    /// Adds the frame of an encoded message.
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

    /// Removes the last message if it is incomplete: its encoder has panicked. The messages start at `start`.
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

    /// Writes the header of a message of `len` bytes; the caller appends the message.
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
    /// Encodes one message of a stream.
    pub(crate) fn of_stream<M: Message>(message: M) -> Result<Self, Status> {
        let mut batch = Batch::default();
        Ok(message).write(&mut batch, None)?;
        Ok(Self::Pooled(batch.frames))
    }

    /// Returns the next message of a stream, which `fill` writes.
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
