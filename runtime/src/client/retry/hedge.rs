//! Hedging: sends several attempts of a call in parallel, and returns the first response.
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

/// One of several parallel attempts. It has no outcome if another attempt was committed first.
pub(crate) type HedgedAttempt<T> = BoxFuture<'static, Option<Result<T, Failure>>>;

/// Runs an attempt until another one is committed.
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

/// Returns the first response of parallel attempts; dropping the others cancels them. `attempt` starts an attempt, given the number of earlier
/// attempts and its cause, or returns `None` if the requests are no longer buffered.
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
    /// The running attempts, each with the number of attempts before it.
    running: Vec<(u32, HedgedAttempt<T>)>,
    made: u32,
    /// Whether no further attempt may start.
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
            if self.transparent.allow_transparent(&failure) && self.start(previous, Cause::TransparentRetry) {
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

    /// Starts an attempt, if the requests are still buffered. If not, an attempt was committed: "All other currently in-flight attempts will be
    /// immediately cancelled, and no subsequent attempts will be started".
    fn start(&mut self, previous: u32, cause: Cause) -> bool {
        let attempt = (self.attempt)(previous, cause);
        self.stopped |= attempt.is_none();
        self.running.extend(attempt.map(|attempt| (previous, attempt)));
        !self.stopped
    }

    /// The next outcome of a running attempt.
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

    /// Records a failed attempt; fails if its status ends the call.
    fn failed(&mut self, Failure { status, committed }: Failure) -> Result<(), Status> {
        self.configured.failed(&status, self.policy.non_fatal());
        if committed || !self.policy.non_fatal().contains(&status.code()) {
            return Err(status);
        }
        match pushback(status.metadata()) {
            Pushback::Stop => self.stopped = true,
            Pushback::After(pause) => self.timer.as_mut().reset(after(pause)),
            Pushback::None => self.timer.as_mut().reset(Instant::now()),
        }
        self.last_failure = Some(status);
        Ok(())
    }
}
