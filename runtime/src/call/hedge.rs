//! Takes a hedging policy, and a way to make an attempt; makes several at once, and gives the first response.
//!
//! Source: gRFC A6 (<https://github.com/grpc/proposal/blob/master/A6-client-retries.md>).

use super::{
    policy::{Configured, Pushback, pushback},
    retry::{Attempts, Failure},
};
use crate::{BoxFuture, service_config::HedgingPolicy};
use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::time::{Instant, Sleep, sleep_until};
use tonic::Status;

/// The response of the first attempt that has one; the others are dropped, and so cancelled. `attempt` is given the number of attempts
/// before it.
pub(super) async fn race<T>(
    configured: &Configured,
    policy: &HedgingPolicy,
    attempt: impl Fn(u32) -> BoxFuture<'static, Result<T, Failure>>,
) -> Result<T, Status> {
    let timer = Box::pin(sleep_until(Instant::now()));
    let mut race = Race {
        configured,
        policy,
        attempt,
        running: Vec::new(),
        made: 0,
        stopped: false,
        timer,
        transparent: Attempts::default(),
    };
    poll_fn(|cx| race.poll(cx)).await
}

struct Race<'a, T, A> {
    configured: &'a Configured,
    policy: &'a HedgingPolicy,
    attempt: A,
    /// With the number of attempts before each.
    running: Vec<(u32, BoxFuture<'static, Result<T, Failure>>)>,
    made: u32,
    /// Whether the server has forbidden more attempts.
    stopped: bool,
    /// When the next attempt starts.
    timer: Pin<Box<Sleep>>,
    transparent: Attempts,
}

impl<T, A: Fn(u32) -> BoxFuture<'static, Result<T, Failure>>> Race<'_, T, A> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, Status>> {
        loop {
            while self.may_start() && self.timer.as_mut().poll(cx).is_ready() {
                self.running.push((self.made, (self.attempt)(self.made)));
                self.made += 1;
                self.timer.as_mut().reset(Instant::now() + self.policy.delay());
            }
            let Poll::Ready((previous, outcome)) = self.next(cx) else { return Poll::Pending };
            let failure = match outcome {
                Ok(response) => return Poll::Ready(Ok(response)),
                Err(failure) => failure,
            };
            if self.transparent.allow_another(&failure) {
                self.running.push((previous, (self.attempt)(previous)));
                continue;
            }
            if let Some(status) = self.failed(failure) {
                return Poll::Ready(Err(status));
            }
        }
    }

    /// "The first outgoing RPC will always be sent, but subsequent hedged RPCs will only be sent if `token_count` is greater than the
    /// threshold."
    fn may_start(&self) -> bool {
        self.made == 0 || (self.made < self.policy.max_attempts() && !self.stopped && self.configured.allows())
    }

    /// The next attempt that ends.
    fn next(&mut self, cx: &mut Context<'_>) -> Poll<(u32, Result<T, Failure>)> {
        let ended = self.running.iter_mut().enumerate().find_map(|(i, (_, attempt))| match attempt.as_mut().poll(cx) {
            Poll::Ready(outcome) => Some((i, outcome)),
            Poll::Pending => None,
        });
        match ended {
            Some((i, outcome)) => Poll::Ready((self.running.remove(i).0, outcome)),
            None => Poll::Pending,
        }
    }

    /// The status with which the call ends, if it does.
    fn failed(&mut self, Failure { status, committed }: Failure) -> Option<Status> {
        self.configured.failed(&status, self.policy.non_fatal());
        if committed || !self.policy.non_fatal().contains(&status.code()) {
            return Some(status);
        }
        match pushback(status.metadata()) {
            Pushback::Stop => self.stopped = true,
            Pushback::After(pause) => self.timer.as_mut().reset(Instant::now() + pause),
            Pushback::Silent => self.timer.as_mut().reset(Instant::now()),
        }
        (self.running.is_empty() && !self.may_start()).then_some(status)
    }
}
