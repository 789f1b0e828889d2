//! Interceptors: your code around every call, the same for clients and servers and for all four kinds of methods.
//!
//! An [`Intercept`] gets the [`Head`] of a call and the rest of the call, [`Next`]. It can change the head, run the rest once or several times,
//! or answer the call itself:
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
//! Interceptors can be added to
//!
//! - a [`Channel`](crate::Channel::intercept), for all of its clients; a client that needs others has a channel of its own,
//! - a single [`Call`](crate::Call::intercept),
//! - a [`ServiceServer`](crate::ServiceServer::intercept), for one service,
//! - a whole server, with `Serve::intercept` of the feature `serve`, or with a [`layer`](fn@layer) on tonic's server.
//!
//! A [`Chain`] combines several interceptors into one.
//!
//! # Order
//!
//! **The first interceptor added is the outermost, on both sides**: it is the first to see a call, and the last to see its outcome. The
//! interceptors of a channel are outside of those of its calls. A call passes, from left to right:
//!
//! ```text
//! client   interceptors > retries, hedging > tower layers, tonic's interceptors > balancer > connection
//! server   connection > tower layers, intercept::layer > interceptors > tonic's interceptors > handler
//! ```
//!
//! So interceptors see a call once, however often it is sent, while layers see every attempt. [`Running::on_attempt`] observes attempts.
//!
//! Calls that fail earlier do not pass interceptors: on a client, calls with invalid metadata; on a server, calls that arrive after their
//! deadline or exceed a limit, and requests that are not gRPC. [`Intercept::refused`] is called for those of a server.
//!
//! Interceptors cost nothing where there are none. A unary call in process takes no HTTP, even with interceptors.

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
pub(crate) use observe::Observe;
pub use peer::Peer;
#[cfg(any(feature = "metrics", feature = "otel"))]
pub(crate) use per_method::PerMethod;
pub use running::Running;
pub(crate) use watch::{OnMessage, TellLength, Watch, Watched, Watches};
