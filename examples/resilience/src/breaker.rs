//! A circuit breaker: after some consecutive failures of a method, its calls fail at once, until a trial call succeeds.
//!
//! Interceptors run outside of retries, so the breaker counts calls, not attempts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::{Code, Status};
use tokio::time::Instant;

/// An interceptor with one circuit per method. Clones share the circuits.
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
    /// The circuits, by the path of the method.
    circuits: Arc<Mutex<HashMap<String, Circuit>>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Circuit {
    /// The number of failures since the last success.
    failures: u32,
    /// The time of the next trial call, if the circuit is open.
    open_until: Option<Instant>,
}

impl Breaker {
    /// Opens the circuit of a method after this many consecutive `failures`: its calls fail at once for `pause`. Then one trial call is made.
    /// If it succeeds, the circuit is closed; if it fails, the circuit stays open.
    #[must_use]
    pub fn new(failures: u32, pause: Duration) -> Self {
        Self { failures, pause, circuits: Arc::default() }
    }
}

impl Intercept for Breaker {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        let path = head.path().to_owned();
        if !self.allows(&path) {
            return Err(Status::unavailable(format!("the circuit of `{path}` is open after repeated failures")));
        }
        let breaker = self.clone();
        next.run(head).on_end(move |status| breaker.record(&path, status.code())).await
    }
}

impl Breaker {
    /// Whether a call may be made. A trial call blocks others for another `pause`.
    fn allows(&self, path: &str) -> bool {
        self.update(path, |circuit| match circuit.open_until {
            Some(until) if Instant::now() < until => false,
            Some(_) => {
                circuit.open_until = Some(Instant::now() + self.pause);
                true
            }
            None => true,
        })
    }

    fn record(&self, path: &str, code: Code) {
        self.update(path, |circuit| match code {
            // A cancelled call proves nothing.
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

    fn update<T>(&self, path: &str, update: impl FnOnce(&mut Circuit) -> T) -> T {
        let mut circuits = self.circuits.lock().unwrap_or_else(PoisonError::into_inner);
        update(circuits.entry(path.to_owned()).or_default())
    }
}

/// Whether `code` is a failure of the server, and not its response to an invalid request.
fn is_failure(code: Code) -> bool {
    matches!(
        code,
        Code::Unavailable | Code::Internal | Code::Unknown | Code::DeadlineExceeded | Code::ResourceExhausted
    )
}
