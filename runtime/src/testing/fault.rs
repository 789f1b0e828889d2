//! Injects faults: delays calls, fails them, or ends their responses early.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::sleep;
use tokio_stream::StreamExt;
use tonic::Status;

use crate::MethodDescriptor;
use crate::intercept::{Answer, Head, Intercept, Messages, Next};

/// An interceptor that injects a fault into calls, for a channel, a call or a server.
///
/// Faults are not random, so that a failing test fails every time. On a channel, they are outside of the retries of a service config, which do
/// not see them; for a fault that is to be retried, use the server.
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
    /// Delays a call; by `Duration::MAX`, until its deadline.
    ///
    /// # Panics
    ///
    /// Calls panic outside of a tokio runtime with timers.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::new(FaultKind::Delay(delay))
    }

    /// Ends a call with `status` instead of running it.
    #[must_use]
    pub fn fail(status: Status) -> Self {
        Self::new(FaultKind::Fail(status))
    }

    /// Ends a stream of responses with `status` after `after` messages. A call with one response ends with `status`.
    #[must_use]
    pub fn break_off(after: usize, status: Status) -> Self {
        Self::new(FaultKind::BreakOff(after, status))
    }

    fn new(kind: FaultKind) -> Self {
        Self { kind, only: None, every: 1, calls: AtomicUsize::new(0) }
    }

    /// Injects the fault only into calls of `method`. Default: every method.
    #[must_use]
    pub fn only(self, method: &'static MethodDescriptor) -> Self {
        Self { only: Some(method), ..self }
    }

    /// Injects the fault only into every `n`th call. Default: 1, every call.
    #[must_use]
    pub fn every(self, n: usize) -> Self {
        Self { every: n.max(1), ..self }
    }

    fn applies(&self, head: &Head) -> bool {
        self.only.is_none_or(|method| method.path() == head.path())
            && (self.calls.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(self.every)
    }
}

impl Intercept for Fault {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        if !self.applies(&head) {
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
