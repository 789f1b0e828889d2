//! Bounds on the work for a call, in its handler and in its stream of responses: the deadline, and a stop to panics.

use super::{Reply, panics::Catch};
use crate::{
    Deadline,
    deadline::{self, termination::Cutoff},
};
use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
};

#[derive(Clone, Default)]
pub(crate) struct Bounds {
    pub(crate) deadline: Option<Deadline>,
    /// The deadline that calls inherit which are made meanwhile.
    pub(super) inherited: Option<Deadline>,
    pub(super) catch: Catch,
}

impl Bounds {
    pub(crate) fn until(deadline: Option<Deadline>) -> Self {
        Self { deadline, ..Self::default() }
    }

    /// The `reply`, or what stands for one that panics or takes too long.
    pub(crate) async fn hold(self, mut reply: Pin<&mut (impl Future<Output = Reply> + Send)>) -> Reply {
        let Self { deadline, inherited, catch } = self;
        let reply = pin!(poll_fn(|cx| {
            let mut polled = Poll::Pending;
            match catch.run(|| polled = deadline::enter(inherited, || reply.as_mut().poll(cx))) {
                Ok(()) => polled,
                Err(status) => Poll::Ready(status.into()),
            }
        }));
        match deadline {
            None => reply.await,
            deadline => Cutoff::at(deadline).limit(reply).await.unwrap_or_else(Reply::from),
        }
    }
}
