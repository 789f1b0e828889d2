//! Takes a timeout, or the `grpc-timeout` of a request; gives the moment at which a call must be over.

pub(crate) mod clock;
#[cfg(any(feature = "balance", feature = "serve"))]
pub(crate) mod moment;
mod scope;
pub(crate) mod termination;

use crate::grpc::timeout;
use clock::Instant;
use http::HeaderMap;
use std::{future::Future, time::Duration};
use tonic::Extensions;

pub(crate) use scope::enter;

/// The moment at which a call must be over.
///
/// A handler finds the deadline of its caller in the request's extensions, and passes what is left of it on to a call of its own:
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, User, user_service_client::UserServiceClient};
/// use rgrpc::{Deadline, Request, Response, Status};
///
/// async fn handler(request: Request<GetUserRequest>, downstream: UserServiceClient) -> Result<Response<User>, Status> {
///     let deadline = Deadline::of(request.extensions());
///     downstream.get_user(request.into_inner()).deadline(deadline).await
/// }
/// ```
///
/// A server with [`inherit_deadlines`](crate::ServiceServer::inherit_deadlines) does that for all calls that its handlers make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deadline(Instant);

impl Deadline {
    /// The moment `timeout` from now. Thirty years is as far as it goes.
    #[must_use]
    pub fn after(timeout: Duration) -> Self {
        Self(clock::after(timeout))
    }

    /// The deadline of a request, out of its extensions; `None` if the caller waits for ever.
    ///
    /// On a server this is up to 1 ms before the deadline of the caller.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().copied()
    }

    /// The deadline that a call made here inherits: that of the request which this task answers, if its server
    /// [inherits deadlines](crate::ServiceServer::inherit_deadlines), or that of a [`Deadline::scope`].
    #[must_use]
    pub fn current() -> Option<Self> {
        scope::inherited()
    }

    /// Has the calls that `future` makes end at `deadline`, for a task that a handler spawns: a task inherits nothing by itself. With a
    /// [`current`](Deadline::current) deadline that is sooner, that one counts.
    ///
    /// The calls, not the future, end at the deadline.
    ///
    /// ```
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::{GetUserRequest, User, user_service_client::UserServiceClient};
    /// use rgrpc::{Deadline, Request, Response, Status};
    ///
    /// async fn handler(request: Request<GetUserRequest>, downstream: UserServiceClient) -> Result<Response<User>, Status> {
    ///     let lookup = async move { downstream.get_user(request.into_inner()).await };
    ///     let task = tokio::spawn(Deadline::scope(Deadline::current(), lookup));
    ///     task.await.map_err(|_| Status::internal("the lookup panicked"))?
    /// }
    /// ```
    pub fn scope<F: Future>(deadline: impl Into<Option<Self>>, future: F) -> impl Future<Output = F::Output> {
        let deadline = [deadline.into(), Self::current()].into_iter().flatten().min();
        scope::within(deadline, future)
    }

    /// Has the calls that `future` makes inherit no deadline, for work that is not this caller's alone, such as filling a cache.
    ///
    /// The future itself is dropped with the handler that awaits it; what is to outlive the call belongs into a task.
    pub fn detach<F: Future>(future: F) -> impl Future<Output = F::Output> {
        scope::within(None, future)
    }

    /// The time that is left, zero once the deadline has passed.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    pub(crate) fn has_passed(&self) -> bool {
        self.remaining().is_zero()
    }

    pub(crate) fn instant(&self) -> Instant {
        self.0
    }

    /// The deadline that `headers` set for a server, shortened so that this crate's answer is first: tonic's transport has a timer for
    /// the same header outside of this crate, which answers `CANCELLED` instead of `DEADLINE_EXCEEDED`.
    pub(crate) fn of_headers(headers: &HeaderMap) -> Option<Self> {
        const TIMER_TICK: Duration = Duration::from_millis(1);
        let timeout = timeout::timeout(headers)?;
        Some(Self::after(timeout.saturating_sub(TIMER_TICK.min(timeout / 2))))
    }
}
