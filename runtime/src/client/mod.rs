//! Clients: channels, calls and their attempts.
//!
//! A `channel` is a transport with settings. A `call` is one RPC, an `attempt` sends it once, and `retry` decides whether to send it again.

pub(crate) mod attempt;
pub(crate) mod call;
pub(crate) mod channel;
#[cfg(feature = "channel")]
#[cfg_attr(
    not(feature = "balance"),
    allow(dead_code, reason = "only a balanced channel counts calls and asks for addresses")
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
