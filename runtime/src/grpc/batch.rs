//! Writes the frames of all messages that are ready into one buffer.

use super::Frame;
use crate::{
    deadline::clock::{self, Instant},
    grpc::codec::{self, Encoded},
    intercept::OnMessage,
};
use bytes::{BufMut, Bytes};
use futures_core::Stream;
use prost::Message;
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tonic::Status;

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

    pub(crate) fn into_bytes(self) -> Bytes {
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
mod tests {
    use super::*;
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        task::Waker,
    };

    /// The lengths that `stream` writes at once, and the reason that it stops.
    fn fill(stream: impl Stream<Item = Result<Encoded, Status>> + Send, limit: Option<usize>) -> (Vec<usize>, Filled) {
        let mut batch = Batch::after(0);
        let filled = Box::pin(stream).as_mut().fill(&mut Context::from_waker(Waker::noop()), &mut batch, limit);
        (batch.lengths(0).collect(), filled)
    }

    fn messages<const N: usize>(lengths: [usize; N]) -> impl Stream<Item = Result<Encoded, Status>> + Send {
        tokio_stream::iter(lengths.map(|len| Ok(Encoded::One(vec![b'x'; len].into()))))
    }

    #[test]
    fn as_many_messages_as_are_ready_are_written_at_once() {
        let (lengths, filled) = fill(messages([1, 0, 3]), None);
        assert_eq!((lengths, matches!(filled, Filled::Ended)), (vec![1, 0, 3], true));
    }

    #[test]
    fn a_full_batch_waits_for_no_more() {
        let (lengths, filled) = fill(messages([10, FULL, 1]), None);
        assert_eq!((lengths, matches!(filled, Filled::Paused)), (vec![10, FULL], true));
    }

    /// Runs of messages that are ready, with a pause behind each; `asked` counts how often it is asked.
    struct Runs<'a> {
        lengths: &'a [usize],
        ready: usize,
        asked: &'a AtomicUsize,
    }

    impl Stream for Runs<'_> {
        type Item = Result<Encoded, Status>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let lengths = self.lengths;
            match lengths {
                [] => Poll::Pending,
                [length, rest @ ..] if self.ready == *length => {
                    (self.lengths, self.ready) = (rest, 0);
                    Poll::Pending
                }
                _ => {
                    self.ready += 1;
                    Poll::Ready(Some(Ok(Encoded::One(Bytes::from_static(b"x")))))
                }
            }
        }
    }

    #[test]
    fn messages_that_take_long_to_make_leave_at_the_second_pause() {
        /// Pauses behind each run, which takes as long as anybody is patient.
        struct Slow(usize);

        impl Stream for Slow {
            type Item = Result<Encoded, Status>;

            fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
                self.0 += 1;
                if self.0.is_multiple_of(RUN + 1) {
                    std::thread::sleep(PATIENCE);
                    return Poll::Pending;
                }
                Poll::Ready(Some(Ok(Encoded::One(Bytes::from_static(b"x")))))
            }
        }

        let (lengths, filled) = fill(Slow(0), None);
        assert_eq!((lengths.len(), matches!(filled, Filled::Paused)), (2 * RUN, true));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_behind_a_long_run_of_messages_does_not_end_the_piece() {
        // The lengths of runs; how many messages are written at once, and how often the stream is asked for that.
        let cases = [
            (&[1, 100][..], 1, 2),
            (&[31, 100], 31, 32),
            (&[32, 1], 33, 35),
            (&[32, 32, 32], 96, 100),
            (&[32], 32, 34),
        ];
        for (lengths, expected, polls) in cases {
            let asked = AtomicUsize::new(0);
            let mut batch = Batch::after(0);
            let mut runs = Runs { lengths, ready: 0, asked: &asked };
            let filled = Pin::new(&mut runs).fill(&mut Context::from_waker(Waker::noop()), &mut batch, None);
            assert!(matches!(filled, Filled::Paused), "{lengths:?}");
            assert_eq!((batch.lengths(0).count(), asked.into_inner()), (expected, polls), "{lengths:?}");
        }
    }

    #[test]
    fn what_comes_before_a_message_over_the_limit_is_written() {
        let (lengths, filled) = fill(messages([5, 6, 1]), Some(5));
        let Filled::Failed(status) = filled else { panic!("the second message is too large") };
        assert_eq!((lengths, status.code()), (vec![5], tonic::Code::ResourceExhausted));
    }

    #[test]
    fn a_part_of_a_message_is_dropped() {
        let mut batch = Batch::after(0);
        batch.put_message(Encoded::One(Bytes::from_static(b"ab")));
        batch.put(&Frame::header(9));
        batch.put(b"xyz");
        batch.drop_part(0);
        assert_eq!(batch.lengths(0).collect::<Vec<_>>(), [2]);
        assert_eq!(batch.len(), Frame::HEADER + 2);
    }
}
