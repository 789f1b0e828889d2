//! Measures the nanoseconds to decode and to encode a message of any library.

use std::hint::black_box;
use std::time::Instant;

/// The bytes that are decoded or encoded between two readings of the clock, and the limit of messages.
const BYTES: usize = 20_000_000;
const MESSAGES: usize = 100_000;

/// A message that a library decodes and encodes.
pub(crate) trait Coded {
    fn decode(bytes: &[u8]) -> Self;

    fn encode(&self) -> Vec<u8>;
}

pub(crate) fn decode<M: Coded>(bytes: &[u8]) -> f64 {
    nanoseconds(bytes.len(), || drop(black_box(M::decode(black_box(bytes)))))
}

pub(crate) fn encode<M: Coded>(bytes: &[u8]) -> f64 {
    let message = M::decode(bytes);
    nanoseconds(bytes.len(), || drop(black_box(black_box(&message).encode())))
}

#[allow(clippy::cast_precision_loss)]
fn nanoseconds(len: usize, run: impl Fn()) -> f64 {
    let count = (BYTES / (len + 1)).clamp(1, MESSAGES);
    let start = Instant::now();
    (0..count).for_each(|_| run());
    start.elapsed().as_nanos() as f64 / count as f64
}
