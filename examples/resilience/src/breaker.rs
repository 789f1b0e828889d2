//! A circuit breaker for each method: after some failures in a row it fails calls at once, until one that it lets through succeeds.
//!
//! As an interceptor it stands above retries, so it counts calls, not their attempts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::{Code, Status};
use tokio::time::Instant;

/// An interceptor that breaks the circuit of each method by itself; clones share the circuits.
///
/// ```
/// # fn example(channel: rgrpc::Channel) {
/// use resilience::breaker::Breaker;
/// use std::time::Duration;
///
/// let channel = channel.intercept(Breaker::new(5, Duration::from_secs(10)));
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Breaker {
    failures: u32,
    pause: Duration,
    /// By path.
    circuits: Arc<Mutex<HashMap<String, Circuit>>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Circuit {
    /// Since the last success.
    failures: u32,
    /// When the next call is let through.
    open_until: Option<Instant>,
}

impl Breaker {
    /// After `failures` in a row, calls of a method fail at once for `pause`. Then one is let through: its success closes the circuit, its
    /// failure opens it again.
    #[must_use]
    pub fn new(failures: u32, pause: Duration) -> Self {
        Self { failures, pause, circuits: Arc::default() }
    }
}

impl Intercept for Breaker {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        let path = head.path().to_owned();
        if !self.lets_through(&path) {
            return Err(Status::unavailable(format!("`{path}` has failed too often; it is tried again later")));
        }
        let breaker = self.clone();
        next.run(head).on_end(move |status| breaker.note(&path, status.code())).await
    }
}

impl Breaker {
    /// Whether a call may be made. One that tries an open circuit keeps the others out meanwhile.
    fn lets_through(&self, path: &str) -> bool {
        self.change(path, |circuit| match circuit.open_until {
            Some(until) if Instant::now() < until => false,
            Some(_) => {
                circuit.open_until = Some(Instant::now() + self.pause);
                true
            }
            None => true,
        })
    }

    fn note(&self, path: &str, code: Code) {
        self.change(path, |circuit| match code {
            // Nobody has waited for what would have come of it.
            Code::Cancelled => {}
            code if is_failure(code) => {
                circuit.failures += 1;
                if circuit.failures >= self.failures {
                    circuit.open_until = Some(Instant::now() + self.pause);
                }
            }
            _ => *circuit = Circuit::default(),
        });
    }

    fn change<T>(&self, path: &str, change: impl FnOnce(&mut Circuit) -> T) -> T {
        let mut circuits = self.circuits.lock().unwrap_or_else(PoisonError::into_inner);
        change(circuits.entry(path.to_owned()).or_default())
    }
}

/// Whether `code` is the server's failure, not the answer to a call that is wrong.
fn is_failure(code: Code) -> bool {
    matches!(
        code,
        Code::Unavailable | Code::Internal | Code::Unknown | Code::DeadlineExceeded | Code::ResourceExhausted
    )
}
