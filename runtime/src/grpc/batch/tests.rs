//! Checks that batches take messages until they are full, and which pauses of a stream end them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Waker;

use super::*;

/// The lengths of the messages that `stream` writes at once, and why it stops.
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
fn a_full_batch_takes_no_more() {
    let (lengths, filled) = fill(messages([10, FULL, 1]), None);
    assert_eq!((lengths, matches!(filled, Filled::Paused)), (vec![10, FULL], true));
}

/// Runs of messages that are ready, with a pause after each; `asked` counts the polls.
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
    /// Pauses after each run of messages, which takes as long as pauses are ignored.
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
async fn a_pause_after_a_long_run_of_messages_does_not_end_the_batch() {
    // The lengths of the runs; how many messages are written at once, and how often the stream is polled for that.
    let cases =
        [(&[1, 100][..], 1, 2), (&[31, 100], 31, 32), (&[32, 1], 33, 35), (&[32, 32, 32], 96, 100), (&[32], 32, 34)];
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
fn messages_before_one_over_the_limit_are_written() {
    let (lengths, filled) = fill(messages([5, 6, 1]), Some(5));
    let Filled::Failed(status) = filled else { panic!("the second message is too large") };
    assert_eq!((lengths, status.code()), (vec![5], tonic::Code::ResourceExhausted));
}

#[test]
fn a_small_piece_behind_a_large_one_holds_no_large_buffer() {
    for last in [0, 1000, FULL - 1, FULL] {
        let mut batch = Batch::after(last);
        batch.put_message(Encoded::One(Bytes::from_static(&[b'x'; 100])));
        let buffer = Vec::from(batch.into_bytes());
        assert!(buffer.capacity() <= 2 * buffer.len(), "behind {last} bytes: {}", buffer.capacity());
    }
}

#[test]
fn an_incomplete_message_is_removed() {
    let mut batch = Batch::after(0);
    batch.put_message(Encoded::One(Bytes::from_static(b"ab")));
    batch.put(&Frame::header(9));
    batch.put(b"xyz");
    batch.drop_part(0);
    assert_eq!(batch.lengths(0).collect::<Vec<_>>(), [2]);
    assert_eq!(batch.len(), Frame::HEADER + 2);
}
