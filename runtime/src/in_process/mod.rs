//! Calls to a server in the same process: the messages are handed over as they are, without HTTP.
//!
//! `server` finds out that a channel leads straight onto a server, `call` makes such a call, and `messages` are those that come back.

mod call;
mod messages;
mod server;

pub(crate) use call::{can_skip_http, one, stream};
pub(crate) use messages::Local;
pub use server::ServerFuture;
pub(crate) use server::{CallHandler, InProcessServer, server};
