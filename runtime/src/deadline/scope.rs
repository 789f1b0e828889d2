//! Passes the deadline of the call that a task answers on to the calls that the task makes.

use std::future::Future;

use tokio::task::futures::TaskLocalFuture;

use super::Deadline;

tokio::task_local! {
    static INHERITED: Option<Deadline>;
}

impl Deadline {
    /// The deadline that a call made here inherits: that of the request which this task answers, if its server
    /// [inherits deadlines](crate::ServiceServer::inherit_deadlines), or that of a [`Deadline::scope`].
    #[must_use]
    pub fn current() -> Option<Self> {
        inherited()
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
        within(deadline, future)
    }

    /// Has the calls that `future` makes inherit no deadline, for work that is not this caller's alone, such as filling a cache.
    ///
    /// The future itself is dropped with the handler that awaits it; what is to outlive the call belongs into a task.
    pub fn detach<F: Future>(future: F) -> impl Future<Output = F::Output> {
        within(None, future)
    }
}

/// The deadline of calls that are made here.
fn inherited() -> Option<Deadline> {
    INHERITED.try_with(|deadline| *deadline).ok().flatten()
}

/// Has calls that `future` makes end at `deadline`, and at no other.
fn within<F: Future>(deadline: Option<Deadline>, future: F) -> TaskLocalFuture<Option<Deadline>, F> {
    INHERITED.scope(deadline, future)
}

/// Runs `poll`, and has calls that it makes end at `deadline`, and at no other: a server in this process is polled by its caller, which
/// may have another.
pub(crate) fn enter<T>(deadline: Option<Deadline>, poll: impl FnOnce() -> T) -> T {
    if inherited() == deadline { poll() } else { INHERITED.sync_scope(deadline, poll) }
}
