//! A server interceptor that limits the rate of calls per caller, and tells callers when to retry.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use governor::clock::Clock;
use governor::{DefaultKeyedRateLimiter, Quota};
use rgrpc::error_details::{QuotaFailure, RetryInfo, StatusExt};
use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::{Code, Status};

use crate::caller::Caller;

/// Limits the rate of each caller. Callers are identified by the name that an outer interceptor has authenticated, or else by IP address.
pub struct Quotas {
    limiter: DefaultKeyedRateLimiter<String>,
    calls: AtomicUsize,
}

impl Quotas {
    /// Gives each caller `quota`.
    #[must_use]
    pub fn new(quota: Quota) -> Self {
        Self { limiter: DefaultKeyedRateLimiter::keyed(quota), calls: AtomicUsize::default() }
    }
}

impl Intercept for Quotas {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        let caller = match Caller::of(&head.extensions) {
            Ok(caller) => format!("caller:{}", caller.name),
            Err(_) => format!("peer:{}", address(&head)),
        };
        // Without cleanup now and then, the addresses of an attack would exhaust the memory.
        if self.calls.fetch_add(1, Relaxed) % 10_000 == 9_999 {
            self.limiter.retain_recent();
        }
        let Err(early) = self.limiter.check_key(&caller) else { return next.run(head).await };
        let wait = early.wait_time_from(self.limiter.clock().now());
        Err(Status::with_error_details_vec(
            Code::ResourceExhausted,
            "too many calls",
            [
                QuotaFailure::with_violation(caller, format!("{:?}", early.quota())).into(),
                RetryInfo::new(Some(wait)).into(),
            ],
        ))
    }
}

/// The address of a client without its port, which differs between connections.
fn address(head: &Head) -> String {
    match head.peer() {
        Some(rgrpc::intercept::Peer::Tcp(address)) => address.ip().to_string(),
        peer => format!("{peer:?}"),
    }
}
