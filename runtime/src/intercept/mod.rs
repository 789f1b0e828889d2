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
//! is not gRPC's, of which [`Intercept::refused`] hears.
//!
//! Without interceptors, nothing is spent on them. In process, a call with one request and one response does not become HTTP with them
//! either.

mod attempt;
mod body;
mod cancellation;
mod chain;
pub(crate) mod client;
mod head;
mod layer;
mod list;
mod messages;
#[cfg(any(feature = "metrics", feature = "tracing"))]
mod observe;
mod peer;
#[cfg(any(feature = "metrics", feature = "otel"))]
mod per_method;
mod running;
pub(crate) mod server;
mod watch;

use crate::ServiceDescriptor;
use std::{future::Future, sync::Arc};
use tonic::{Response, Status};

pub use attempt::{Attempt, Cause};
pub(crate) use attempt::{Observed, OnAttempt, TellAttempt};
pub(crate) use body::WatchedBody;
pub use cancellation::Cancellation;
pub use chain::{Chain, Next};
pub(crate) use head::Observers;
pub use head::{Head, Parts};
pub use layer::{InterceptLayer, Intercepted, layer};
use list::List;
pub use messages::Messages;
#[cfg(any(feature = "metrics", feature = "tracing"))]
pub(crate) use observe::{Observe, Observing};
pub use peer::Peer;
#[cfg(any(feature = "metrics", feature = "otel"))]
pub(crate) use per_method::PerMethod;
pub use running::Running;
pub(crate) use watch::{OnMessage, TellLength, Watch, Watched, Watches};

/// The outcome of a call: the metadata of its response, and the messages, as bytes.
pub type Answer = Response<Messages>;

/// Runs around every call of a [`Channel`](crate::Channel), a [`Call`](crate::Call) or a [`ServiceServer`](crate::ServiceServer).
///
/// An `async fn` implements it; [`from_fn`] makes one of a function. A [`Chain`] holds any of them, in place of a trait object.
///
/// ```
/// use rgrpc::{Status, intercept::{Answer, Head, Intercept, Next}};
///
/// /// Lets those in who know the password.
/// struct Password(&'static str);
///
/// impl Intercept for Password {
///     async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
///         match head.metadata.get("password") {
///             Some(password) if password == self.0 => next.run(head).await,
///             _ => Err(Status::unauthenticated("a password is needed")),
///         }
///     }
/// }
/// ```
pub trait Intercept: Send + Sync + 'static {
    /// Runs the call, by [`Next::run`], or answers it.
    ///
    /// Both sides drop the future where the call is cancelled, and once its deadline has passed: what is to happen then belongs into
    /// [`Running::on_end`].
    fn intercept(&self, head: Head, next: Next) -> impl Future<Output = Result<Answer, Status>> + Send;

    /// Hears of a service whose calls will come through here, when this is put around a server of it, or when a client of it is made: its
    /// methods are known before the first call. It may hear of one several times. Default: does nothing.
    fn describe(&self, service: &'static ServiceDescriptor) {
        let _ = service;
    }

    /// Hears of a call that a server ends before it would come through here: one that comes after its deadline, is over a limit of the
    /// server, or is none of gRPC's. Its `head` is as it came. Default: does nothing.
    ///
    /// Metrics and spans are made of it: it is on the way of whoever overwhelms the server, and must be quick. A panic in it changes
    /// nothing, and nobody hears of it but the hook of all panics.
    fn refused(&self, head: &Head, status: &Status) {
        let _ = (head, status);
    }
}

impl<I: Intercept> Intercept for Arc<I> {
    fn describe(&self, service: &'static ServiceDescriptor) {
        I::describe(self, service);
    }

    fn refused(&self, head: &Head, status: &Status) {
        I::refused(self, head, status);
    }

    fn intercept(&self, head: Head, next: Next) -> impl Future<Output = Result<Answer, Status>> + Send {
        I::intercept(self, head, next)
    }
}

/// The interceptor that a function is.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # fn example(channel: rgrpc::Channel) {
/// use rgrpc::{Status, intercept::{Answer, Head, Next, from_fn}};
///
/// async fn twice(head: Head, next: Next) -> Result<Answer, Status> {
///     match next.clone().run(head.clone()).await {
///         Err(status) if status.code() == rgrpc::Code::Aborted => next.run(head).await,
///         outcome => outcome,
///     }
/// }
///
/// let channel = channel.intercept(from_fn(twice)).intercept(from_fn(async |mut head, next| {
///     head.metadata.insert("client-id", "7".parse().map_err(|_| Status::internal("not ASCII"))?);
///     next.run(head).await
/// }));
/// # }
/// ```
pub fn from_fn<F, Fut>(function: F) -> impl Intercept
where
    F: Fn(Head, Next) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Answer, Status>> + Send + 'static,
{
    FromFn(function)
}

struct FromFn<F>(F);

impl<F, Fut> Intercept for FromFn<F>
where
    F: Fn(Head, Next) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Answer, Status>> + Send + 'static,
{
    fn intercept(&self, head: Head, next: Next) -> impl Future<Output = Result<Answer, Status>> + Send {
        (self.0)(head, next)
    }
}
