//! A chain of interceptors of any type.

use std::fmt;
use std::sync::Arc;

use tonic::Status;

use super::next::{AnyIntercept, End};
use super::{Answer, Head, Intercept, Next};
use crate::unwind::quietly;
use crate::{BoxFuture, ServiceDescriptor};

/// Several interceptors as one, the first of which is the outermost; cheap to clone.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::user_service_server::{UserService, UserServiceServer};
/// use rgrpc::intercept::{Chain, Intercept};
///
/// # fn example(log: impl Intercept, authorize: impl Intercept, users: impl UserService, more_users: impl UserService) {
/// let all = Chain::new().with(log).with(authorize);
/// let users = UserServiceServer::new(users).intercept(all.clone());
/// let more_users = UserServiceServer::new(more_users).intercept(all);
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Chain(Arc<[Arc<dyn AnyIntercept>]>);

impl Chain {
    /// Makes a chain without interceptors.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `interceptor` inside of the others.
    #[must_use]
    pub fn with(self, interceptor: impl Intercept) -> Self {
        let last: Arc<dyn AnyIntercept> = Arc::new(interceptor);
        Self(self.0.iter().cloned().chain([last]).collect())
    }

    /// The chain of these interceptors, with all of `inner` inside of them.
    #[cfg(feature = "serve")]
    pub(crate) fn around(&self, inner: &Self) -> Self {
        Self(self.0.iter().chain(&*inner.0).cloned().collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn describe(&self, service: &'static ServiceDescriptor) {
        for interceptor in &*self.0 {
            interceptor.describe(service);
        }
    }

    pub(crate) fn refused(&self, head: &Head, status: &Status) {
        for interceptor in &*self.0 {
            // Nothing else catches a panic here, and other calls share the connection.
            quietly(|| interceptor.refused(head, status));
        }
    }

    /// Runs a call through these interceptors, and then through `end`.
    pub(super) fn run(self, head: Head, end: Arc<dyn End>) -> BoxFuture<'static, Result<Answer, Status>> {
        Next::new(self.0, end).start(head)
    }
}

impl Intercept for Chain {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        self.clone().run(head, Arc::new(next)).await
    }

    fn describe(&self, service: &'static ServiceDescriptor) {
        Chain::describe(self, service);
    }

    fn refused(&self, head: &Head, status: &Status) {
        Chain::refused(self, head, status);
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chain({})", self.0.len())
    }
}

impl<I: Intercept> AnyIntercept for I {
    fn describe(&self, service: &'static ServiceDescriptor) {
        I::describe(self, service);
    }

    fn refused(&self, head: &Head, status: &Status) {
        I::refused(self, head, status);
    }

    fn intercept(self: Arc<Self>, head: Head, next: Next) -> BoxFuture<'static, Result<Answer, Status>> {
        Box::pin(async move { I::intercept(&self, head, next).await })
    }
}
