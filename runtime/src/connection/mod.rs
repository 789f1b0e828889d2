//! Both ends of a connection: addresses, the first bytes of HTTP/2, and when to write.

pub(crate) mod address;
pub(crate) mod preface;
pub(crate) mod write_batching;
