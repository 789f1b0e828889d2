//! Takes the deadline of the call that a task answers; gives it to the calls that the task makes.

use super::Deadline;
use std::future::Future;
use tokio::task::futures::TaskLocalFuture;

tokio::task_local! {
    static INHERITED: Option<Deadline>;
}

/// The deadline of calls that are made here.
pub(super) fn inherited() -> Option<Deadline> {
    INHERITED.try_with(|deadline| *deadline).ok().flatten()
}

/// Has calls that `future` makes end at `deadline`, and at no other.
pub(super) fn within<F: Future>(deadline: Option<Deadline>, future: F) -> TaskLocalFuture<Option<Deadline>, F> {
    INHERITED.scope(deadline, future)
}

/// Runs `poll`, and has calls that it makes end at `deadline`, and at no other: a server in this process is polled by its caller, which
/// may have another.
pub(crate) fn enter<T>(deadline: Option<Deadline>, poll: impl FnOnce() -> T) -> T {
    if inherited() == deadline { poll() } else { INHERITED.sync_scope(deadline, poll) }
}
