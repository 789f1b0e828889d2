//! The trait of interceptors, and interceptors made of functions.

use std::future::Future;
use std::sync::Arc;

use tonic::Status;

use super::{Answer, Head, Next};
use crate::ServiceDescriptor;

/// An interceptor, which runs around calls; see the [module](super).
///
/// Implement it with an `async fn`, or make one of a function with [`from_fn`]. It is not object-safe: a [`Chain`](super::Chain) holds
/// interceptors of any type.
///
/// ```
/// use rgrpc::{Status, intercept::{Answer, Head, Intercept, Next}};
///
/// /// Refuses calls without the password.
/// struct Password(&'static str);
///
/// impl Intercept for Password {
///     async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
///         match head.metadata.get("password") {
///             Some(password) if password == self.0 => next.run(head).await,
///             _ => Err(Status::unauthenticated("the password is missing or wrong")),
///         }
///     }
/// }
/// ```
pub trait Intercept: Send + Sync + 'static {
    /// Handles a call: runs the rest of it with [`Next::run`], or answers instead.
    ///
    /// The future is dropped when the call is cancelled or its deadline passes. Work that must happen even then belongs into
    /// [`Running::on_end`](super::Running::on_end).
    ///
    /// # Errors
    ///
    /// The status with which the call ends.
    fn intercept(&self, head: Head, next: Next) -> impl Future<Output = Result<Answer, Status>> + Send;

    /// Announces a service whose calls will pass here, so that its methods are known before the first call. Default: does nothing.
    ///
    /// It is called when the interceptor is added to a server of the service, or when a client is made, and possibly several times.
    fn describe(&self, service: &'static ServiceDescriptor) {
        let _ = service;
    }

    /// Observes a call that a server refuses before it reaches the interceptors: after its deadline, over a limit, or not gRPC. `head` is as
    /// received, and `status` ends the call. Default: does nothing.
    ///
    /// Metrics and spans use this. It must be fast, because it runs for every refused call of an overloaded server. A panic in it is caught
    /// and has no effect, apart from the panic hook.
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

/// Makes an interceptor of an async function or closure.
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
