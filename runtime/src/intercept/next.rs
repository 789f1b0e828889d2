//! The rest of a call: the interceptors that are still to run, and the call itself.

use std::fmt;
use std::sync::Arc;

use tonic::Status;

use super::{Answer, Head};
use crate::{BoxFuture, ServiceDescriptor};

/// The rest of a call: the interceptors further inside, and then the call itself.
#[derive(Clone)]
pub struct Next {
    interceptors: Arc<[Arc<dyn AnyIntercept>]>,
    /// The index of the next one.
    position: usize,
    end: Arc<dyn End>,
}

impl Next {
    pub(super) fn new(interceptors: Arc<[Arc<dyn AnyIntercept>]>, end: Arc<dyn End>) -> Self {
        Self { interceptors, position: 0, end }
    }

    /// Whether the rest of the call can run once more: on a client with one request in any case, with a stream of requests as long as no
    /// more of them were sent than the channel keeps, 64 KiB unless told otherwise; on a server before the first run only, which reads the
    /// requests.
    #[must_use]
    pub fn can_run_again(&self) -> bool {
        self.end.can_run_again()
    }

    /// Starts the rest of the call.
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

/// The call itself.
pub(super) trait End: Send + Sync {
    fn run(self: Arc<Self>, head: Head) -> BoxFuture<'static, Result<Answer, Status>>;

    fn can_run_again(&self) -> bool;
}

/// The end of a chain in a chain.
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
