//! Connections to servers: a byte stream, TLS if there is any, HTTP/2, and the exchange of requests and responses.

pub(crate) mod connector;
pub(crate) mod dial;
pub(crate) mod disconnect;
pub(crate) mod exchange;
mod flow_control;
pub(crate) mod happy_eyeballs;
pub(crate) mod http2;
pub(crate) mod keepalive;
pub(crate) mod lookup;
pub(crate) mod name;
pub(crate) mod origin;
mod read_after_write_error;
pub(crate) mod reconnect;
pub(crate) mod recorder;
pub(crate) mod server_address;
mod stream_limit;
pub(crate) mod unreachable;
