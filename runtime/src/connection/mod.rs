//! The parts that both ends of a connection share: addresses, the HTTP/2 preface, and batched writes.

pub(crate) mod address;
pub(crate) mod preface;
pub(crate) mod write_batching;
