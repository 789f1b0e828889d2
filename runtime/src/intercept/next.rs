//! The rest of a call: the remaining interceptors, and the call itself.

use std::fmt;
use std::sync::Arc;

use tonic::Status;

use super::{Answer, Head};
use crate::{BoxFuture, ServiceDescriptor};

/// The rest of a call: the interceptors further inside, and the call itself.
#[derive(Clone)]
pub struct Next {
    interceptors: Arc<[Arc<dyn AnyIntercept>]>,
    /// The index of the next interceptor.
    position: usize,
    end: Arc<dyn End>,
}

impl Next {
    pub(super) fn new(interceptors: Arc<[Arc<dyn AnyIntercept>]>, end: Arc<dyn End>) -> Self {
        Self { interceptors, position: 0, end }
    }

    /// Whether the rest of the call can run once more.
    ///
    /// On a client, a call with one request always can. A call with a stream of requests can while all of it fits into the
    /// [retry buffer](crate::Channel::retry_buffer). On a server, the first run consumes the requests, and no other is possible.
    #[must_use]
    pub fn can_run_again(&self) -> bool {
        self.end.can_run_again()
    }

    /// Runs the next interceptor, or else the call itself.
    pub(super) fn start(mut self, head: Head) -> BoxFuture<'static, Result<Answer, Status>> {
        match self.interceptors.get(self.position).cloned() {
            Some(interceptor) => {
                self.position += 1;
                interceptor.intercept(head, self)
            }
            None => self.end.run(head),
        }
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").finish_non_exhaustive()
    }
}

/// The call itself, at the end of a chain.
pub(super) trait End: Send + Sync {
    fn run(self: Arc<Self>, head: Head) -> BoxFuture<'static, Result<Answer, Status>>;

    fn can_run_again(&self) -> bool;
}

/// The rest of the outer chain, at the end of a chain within it.
impl End for Next {
    fn run(self: Arc<Self>, head: Head) -> BoxFuture<'static, Result<Answer, Status>> {
        Arc::unwrap_or_clone(self).start(head)
    }

    fn can_run_again(&self) -> bool {
        Self::can_run_again(self)
    }
}

/// An [`Intercept`](super::Intercept) whose type is erased.
pub(super) trait AnyIntercept: Send + Sync {
    fn describe(&self, service: &'static ServiceDescriptor);

    fn refused(&self, head: &Head, status: &Status);

    fn intercept(self: Arc<Self>, head: Head, next: Next) -> BoxFuture<'static, Result<Answer, Status>>;
}
