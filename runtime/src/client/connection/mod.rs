//! A connection to a server: the byte stream to an address, with TLS or without, HTTP/2 on it, and the calls that it carries.

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
pub(crate) mod place;
pub(crate) mod reconnect;
mod room;
pub(crate) mod unreachable;
mod until_read;
