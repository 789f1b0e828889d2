//! Clients: a generated client is one plain type over a channel, and its methods make calls.
//!
//! A `channel` has the way to a server and the settings, a `call` is one call to be made, an `attempt` is one time that it is sent, and
//! `retry` says whether there is another.

pub(crate) mod attempt;
pub(crate) mod call;
pub(crate) mod channel;
#[cfg(feature = "channel")]
#[cfg_attr(
    not(feature = "balance"),
    allow(dead_code, reason = "who balances calls counts them, and wants to know more")
)]
pub(crate) mod connection;
mod generated;
pub(crate) mod retry;
mod transport;

pub use call::{
    BidiStreamingCall, Call, CallOutput, ClientStreamingCall, ReceivedMetadata, ServerStreamingCall, UnaryCall,
};
pub use channel::Channel;
#[cfg(feature = "channel")]
pub use channel::{Connect, ConnectError, Destination};
pub use generated::Client;
pub use transport::Transport;
