//! Calls to a server in the same process, whose messages are passed without HTTP.
//!
//! `server` detects that a transport is such a server, `call` makes the calls, and `messages` reads the responses.

mod call;
mod messages;
mod server;

pub(crate) use call::{can_skip_http, one, stream};
pub(crate) use messages::Local;
pub use server::ServerFuture;
pub(crate) use server::{CallHandler, InProcessServer, server};
