//! The trait of interceptors, and functions as interceptors.

use std::future::Future;
use std::sync::Arc;

use tonic::Status;

use super::{Answer, Head, Next};
use crate::ServiceDescriptor;

/// Runs around every call of a [`Channel`](crate::Channel), a [`Call`](crate::Call) or a [`ServiceServer`](crate::ServiceServer).
///
/// An `async fn` implements it; [`from_fn`] makes one of a function. A [`Chain`](super::Chain) holds any of them, in place of a trait object.
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
    /// [`Running::on_end`](super::Running::on_end).
    fn intercept(&self, head: Head, next: Next) -> impl Future<Output = Result<Answer, Status>> + Send;

    /// Is told of a service whose calls will come through here, when this is put around a server of it, or when a client of it is made: its
    /// methods are known before the first call. It may be told of one several times. Default: does nothing.
    fn describe(&self, service: &'static ServiceDescriptor) {
        let _ = service;
    }

    /// Is told of a call that a server ends before it comes through here: one that is late, over a limit of the server, or not gRPC's. Its
    /// `head` is as received. Default: does nothing.
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

/// Makes an interceptor of a function.
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
