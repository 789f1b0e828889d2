//! Inherited deadlines: those of the call that a task answers apply to the calls that it makes.

use std::future::Future;

use tokio::task::futures::TaskLocalFuture;

use super::Deadline;

tokio::task_local! {
    static INHERITED: Option<Deadline>;
}

impl Deadline {
    /// The deadline that calls of this task inherit: that of a [`Deadline::scope`], or that of the request that it handles, if its server has
    /// [`inherit_deadlines`](crate::ServiceServer::inherit_deadlines).
    #[must_use]
    pub fn current() -> Option<Self> {
        inherited()
    }

    /// Lets the calls of `future` inherit `deadline`, for a task that a handler spawns: spawned tasks inherit nothing. If the
    /// [`current`](Deadline::current) deadline is earlier, it applies instead.
    ///
    /// Only the calls end at the deadline, not the future itself.
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

    /// Lets the calls of `future` inherit no deadline, for work that serves others too, such as filling a cache.
    ///
    /// The future itself is still dropped with the handler that awaits it. Spawn a task for work that must outlive the call.
    pub fn detach<F: Future>(future: F) -> impl Future<Output = F::Output> {
        within(None, future)
    }
}

/// The deadline that calls inherit here.
fn inherited() -> Option<Deadline> {
    INHERITED.try_with(|deadline| *deadline).ok().flatten()
}

/// Lets the calls of `future` inherit `deadline` and no other.
fn within<F: Future>(deadline: Option<Deadline>, future: F) -> TaskLocalFuture<Option<Deadline>, F> {
    INHERITED.scope(deadline, future)
}

/// Runs `poll`, whose calls inherit `deadline` and no other. A server in this process is polled by its caller, which may have a different one.
pub(crate) fn enter<T>(deadline: Option<Deadline>, poll: impl FnOnce() -> T) -> T {
    if inherited() == deadline { poll() } else { INHERITED.sync_scope(deadline, poll) }
}
