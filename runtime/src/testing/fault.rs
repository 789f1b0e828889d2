//! Injects faults: delays a call, fails it, or breaks off its responses.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::sleep;
use tokio_stream::StreamExt;
use tonic::Status;

use crate::MethodDescriptor;
use crate::intercept::{Answer, Head, Intercept, Messages, Next};

/// Puts a fault into calls: an interceptor for a channel, a call or a server.
///
/// Faults are counted, not drawn by lot, so a test that fails does so again. On a channel, they lie around the retries of a service
/// config, which do not see them; a fault that is to be retried belongs on the server.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{user_service_methods, user_service_server::{UserService, UserServiceServer}};
/// use rgrpc::{Status, testing::Fault};
/// use std::time::Duration;
///
/// # fn example(users: impl UserService) {
/// let users = UserServiceServer::new(users)
///     .intercept(Fault::delay(Duration::from_millis(80)))
///     .intercept(Fault::fail(Status::unavailable("injected")).every(10))
///     .intercept(Fault::break_off(2, Status::unavailable("lost")).only(&user_service_methods::LIST_USERS));
/// # }
/// ```
#[derive(Debug)]
pub struct Fault {
    kind: FaultKind,
    only: Option<&'static MethodDescriptor>,
    every: usize,
    calls: AtomicUsize,
}

#[derive(Debug)]
enum FaultKind {
    Delay(Duration),
    Fail(Status),
    BreakOff(usize, Status),
}

impl Fault {
    /// Has a call wait before it runs; for `Duration::MAX`, until its deadline.
    ///
    /// # Panics
    ///
    /// A call, outside of a tokio runtime with timers.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::new(FaultKind::Delay(delay))
    }

    /// Ends a call with `status`, in place of running it.
    #[must_use]
    pub fn fail(status: Status) -> Self {
        Self::new(FaultKind::Fail(status))
    }

    /// Ends a stream of responses with `status` after so many messages. A call with one response ends with `status`.
    #[must_use]
    pub fn break_off(after: usize, status: Status) -> Self {
        Self::new(FaultKind::BreakOff(after, status))
    }

    fn new(kind: FaultKind) -> Self {
        Self { kind, only: None, every: 1, calls: AtomicUsize::new(0) }
    }

    /// Leaves all methods but this one alone. Default: every method.
    #[must_use]
    pub fn only(self, method: &'static MethodDescriptor) -> Self {
        Self { only: Some(method), ..self }
    }

    /// Leaves all calls but every `n`th alone. Default: 1, every call.
    #[must_use]
    pub fn every(self, n: usize) -> Self {
        Self { every: n.max(1), ..self }
    }

    fn strikes(&self, head: &Head) -> bool {
        self.only.is_none_or(|method| method.path() == head.path())
            && (self.calls.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(self.every)
    }
}

impl Intercept for Fault {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        if !self.strikes(&head) {
            return next.run(head).await;
        }
        match &self.kind {
            FaultKind::Delay(delay) => {
                sleep(*delay).await;
                next.run(head).await
            }
            FaultKind::Fail(status) => Err(status.clone()),
            FaultKind::BreakOff(after, status) => {
                let lost = tokio_stream::once(Err(status.clone()));
                let answer = next.run(head).await?;
                Ok(answer.map(|messages| Messages::from_encoded(messages.into_encoded().take(*after).chain(lost))))
            }
        }
    }
}
