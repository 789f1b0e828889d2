//! Interceptors: code of yours around every call, the same for clients and servers and for all four kinds of methods.
//!
//! An [`Intercept`] gets the [`Head`] of a call and what is [`Next`]. It runs the rest of the call, answers without, or runs it again:
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
//! # use proto::{user_service_client::UserServiceClient, user_service_server::{UserService, UserServiceServer}};
//! use rgrpc::{Channel, Status, intercept::{Answer, Head, Intercept, Next}};
//! use std::time::Instant;
//!
//! struct Log;
//!
//! impl Intercept for Log {
//!     async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
//!         let (method, start) = (head.path().to_owned(), Instant::now());
//!         let log = move |status: &Status| println!("{method} took {:?}: {:?}", start.elapsed(), status.code());
//!         next.run(head).on_end(log).await
//!     }
//! }
//!
//! # fn example(channel: Channel, users: impl UserService) {
//! let client = UserServiceClient::new(channel.intercept(Log));
//! let server = UserServiceServer::new(users).intercept(Log);
//! # }
//! ```
//!
//! # Where
//!
//! On a [`Channel`](crate::Channel::intercept), which every client of it shares; on one client, by a channel of its own; on one
//! [`Call`](crate::Call::intercept); on a [`ServiceServer`](crate::ServiceServer::intercept), the service of one `.proto`. Around all services at an
//! address: by `Serve::intercept` of the feature `serve`, or, on tonic's server, a [`layer`](fn@layer). A [`Chain`] is several interceptors
//! as one.
//!
//! # Order
//!
//! **The first one added is the outermost, on both sides**: it is the first to see a call and the last to see what comes of it. Those of a
//! channel were added before those of its calls. On the way of a call:
//!
//! ```text
//! client   interceptors > retries, hedging > tower layers, tonic's interceptors > balancer > connection
//! server   connection > tower layers, intercept::layer > interceptors > tonic's interceptors > handler
//! ```
//!
//! So interceptors see each call once, however often it is sent, and layers every attempt; [`Running::on_attempt`] tells interceptors of
//! those. A call that never gets this far is not seen:
//! on a client, one with metadata that cannot be sent; on a server, one that comes after its deadline or is over a limit, and a request that
//! is not gRPC's; of these, [`Intercept::refused`] is told.
//!
//! Without interceptors, nothing is spent on them. In process, a call with one request and one response does not become HTTP with them
//! either.

mod attempt;
mod body;
mod cancellation;
mod chain;
pub(crate) mod client;
mod head;
mod interceptor;
mod layer;
mod list;
mod messages;
mod next;
#[cfg(any(feature = "metrics", feature = "tracing"))]
mod observe;
mod peer;
#[cfg(any(feature = "metrics", feature = "otel"))]
mod per_method;
mod running;
pub(crate) mod server;
mod watch;

pub use attempt::{Attempt, Cause};
pub(crate) use attempt::{Observed, OnAttempt, TellAttempt};
pub(crate) use body::WatchedBody;
pub use cancellation::Cancellation;
pub use chain::Chain;
pub(crate) use head::Observers;
pub use head::{Head, Parts};
pub use interceptor::{Intercept, from_fn};
pub use layer::{InterceptLayer, Intercepted, layer};
pub use messages::{Answer, Messages};
pub use next::Next;
#[cfg(any(feature = "metrics", feature = "tracing"))]
pub(crate) use observe::{Observe, Observing};
pub use peer::Peer;
#[cfg(any(feature = "metrics", feature = "otel"))]
pub(crate) use per_method::PerMethod;
pub use running::Running;
pub(crate) use watch::{OnMessage, TellLength, Watch, Watched, Watches};
