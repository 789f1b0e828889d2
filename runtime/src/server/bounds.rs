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
    pub(crate) async fn hold(self, reply: Pin<&mut Option<impl Future<Output = Reply> + Send>>) -> Reply {
        let Self { deadline, inherited, catch } = self;
        let mut held = HeldReply { reply, catch };
        let reply = pin!(poll_fn(|cx| {
            let HeldReply { reply, catch } = &mut held;
            let Some(reply) = reply.as_mut().as_pin_mut() else { return Poll::Pending };
            let polled = catch.run(|| deadline::enter(inherited, || reply.poll(cx)));
            polled.unwrap_or_else(|status| Poll::Ready(status.into()))
        }));
        match deadline {
            None => reply.await,
            deadline => Cutoff::at(deadline).limit(reply).await.unwrap_or_else(Reply::from),
        }
    }
}

/// The work for a reply, which may panic too when it is dropped.
struct HeldReply<'a, F> {
    reply: Pin<&'a mut Option<F>>,
    catch: Catch,
}

impl<F> Drop for HeldReply<'_, F> {
    fn drop(&mut self) {
        let Self { reply, catch } = self;
        let _ = catch.run(|| reply.set(None));
    }
}
