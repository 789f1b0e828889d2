//! Connections, for clients and servers: addresses, the first bytes of HTTP/2, its windows, and when to write.

#[cfg(any(feature = "balance", feature = "serve"))]
pub(crate) mod address;
#[cfg(feature = "channel")]
pub(crate) mod flow_control;
#[cfg(any(feature = "balance", feature = "serve"))]
pub(crate) mod gathering;
#[cfg(any(feature = "balance", feature = "serve"))]
pub(crate) mod preface;
#[cfg(feature = "channel")]
pub(crate) mod until_read;
