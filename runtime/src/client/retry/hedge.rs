//! Makes several attempts of a call at once, by its hedging policy, and gives the first response.
//!
//! Source: gRFC A6 (<https://github.com/grpc/proposal/blob/master/A6-client-retries.md>).

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tonic::Status;

use super::policy::Configured;
use super::pushback::{Pushback, pushback};
use super::replay::Superseded;
use super::{Failure, PastAttempts};
use crate::BoxFuture;
use crate::deadline::clock::{Instant, Sleep, after, sleep_until};
use crate::intercept::Cause;
use crate::service_config::HedgingPolicy;

/// An attempt beside others; it has no outcome if it ends because another goes on alone.
pub(crate) type HedgedAttempt<T> = BoxFuture<'static, Option<Result<T, Failure>>>;

/// An attempt that ends when it is told to.
pub(crate) fn until<T: 'static>(
    mut superseded: Option<Superseded>,
    attempt: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> HedgedAttempt<T> {
    Box::pin(async move {
        let mut attempt = pin!(attempt);
        poll_fn(|cx| {
            if superseded.as_mut().is_some_and(|superseded| Pin::new(superseded).poll(cx).is_ready()) {
                return Poll::Ready(None);
            }
            attempt.as_mut().poll(cx).map(Some)
        })
        .await
    })
}

/// The response of the first attempt that has one; the others are dropped, and so cancelled. `attempt` is given the number of attempts
/// before it and its cause, and makes none where the requests are no longer kept.
pub(crate) async fn race<T>(
    configured: &Configured,
    policy: &HedgingPolicy,
    attempt: impl Fn(u32, Cause) -> Option<HedgedAttempt<T>>,
) -> Result<T, Status> {
    let timer = Box::pin(sleep_until(Instant::now()));
    let mut race = Race {
        configured,
        policy,
        attempt,
        running: Vec::new(),
        made: 0,
        stopped: false,
        last_failure: None,
        timer,
        transparent: PastAttempts::default(),
    };
    poll_fn(|cx| race.poll(cx)).await
}

struct Race<'a, T, A> {
    configured: &'a Configured,
    policy: &'a HedgingPolicy,
    attempt: A,
    /// With the number of attempts before each.
    running: Vec<(u32, HedgedAttempt<T>)>,
    made: u32,
    /// Whether there may be no more attempts.
    stopped: bool,
    last_failure: Option<Status>,
    /// When the next attempt starts.
    timer: Pin<Box<Sleep>>,
    transparent: PastAttempts,
}

impl<T, A: Fn(u32, Cause) -> Option<HedgedAttempt<T>>> Race<'_, T, A> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, Status>> {
        loop {
            while self.may_start() && self.timer.as_mut().poll(cx).is_ready() {
                self.start(self.made, if self.made == 0 { Cause::First } else { Cause::Hedge });
                self.made += 1;
                self.timer.as_mut().reset(after(self.policy.delay()));
            }
            if self.running.is_empty()
                && !self.may_start()
                && let Some(status) = self.last_failure.take()
            {
                return Poll::Ready(Err(status));
            }
            let Poll::Ready((previous, outcome)) = self.next(cx) else { return Poll::Pending };
            let failure = match outcome {
                None => continue,
                Some(Ok(response)) => return Poll::Ready(Ok(response)),
                Some(Err(failure)) => failure,
            };
            if self.transparent.allow_another(&failure) && self.start(previous, Cause::TransparentRetry) {
                continue;
            }
            self.failed(failure)?;
        }
    }

    /// "The first outgoing RPC will always be sent, but subsequent hedged RPCs will only be sent if `token_count` is greater than the
    /// threshold."
    fn may_start(&self) -> bool {
        self.made == 0 || (self.made < self.policy.max_attempts() && !self.stopped && self.configured.allows())
    }

    /// Starts an attempt, if the requests are kept. "All other currently in-flight attempts will be immediately cancelled, and no
    /// subsequent attempts will be started" once they are not.
    fn start(&mut self, previous: u32, cause: Cause) -> bool {
        let attempt = (self.attempt)(previous, cause);
        self.stopped |= attempt.is_none();
        self.running.extend(attempt.map(|attempt| (previous, attempt)));
        !self.stopped
    }

    /// The next attempt that ends.
    fn next(&mut self, cx: &mut Context<'_>) -> Poll<(u32, Option<Result<T, Failure>>)> {
        let ended = self.running.iter_mut().enumerate().find_map(|(i, (_, attempt))| match attempt.as_mut().poll(cx) {
            Poll::Ready(outcome) => Some((i, outcome)),
            Poll::Pending => None,
        });
        match ended {
            Some((i, outcome)) => Poll::Ready((self.running.remove(i).0, outcome)),
            None => Poll::Pending,
        }
    }

    /// Fails with the status with which the call ends, if it does.
    fn failed(&mut self, Failure { status, committed }: Failure) -> Result<(), Status> {
        self.configured.failed(&status, self.policy.non_fatal());
        if committed || !self.policy.non_fatal().contains(&status.code()) {
            return Err(status);
        }
        match pushback(status.metadata()) {
            Pushback::Stop => self.stopped = true,
            Pushback::After(pause) => self.timer.as_mut().reset(after(pause)),
            Pushback::Silent => self.timer.as_mut().reset(Instant::now()),
        }
        self.last_failure = Some(status);
        Ok(())
    }
}
