//! Retries: transparent ones, and those of a policy. Source: gRFC A6 (<https://github.com/grpc/proposal/blob/master/A6-client-retries.md>).
//!
//! A transparent retry is safe because no server application has seen the call: it never left the client, or only reached the server's
//! library. It needs no policy, and does not count as an attempt of one.

#[cfg(feature = "retry")]
pub(crate) mod configured;
#[cfg(not(feature = "retry"))]
#[path = "configured/off.rs"]
pub(crate) mod configured;
#[cfg(feature = "retry")]
pub(crate) mod hedge;
#[cfg(feature = "retry")]
pub(crate) mod policy;
#[cfg(feature = "retry")]
pub(crate) mod pushback;
pub(crate) mod replay;

use std::mem;
use std::time::Duration;

use tonic::Status;

use super::call::PreparedCall;
use crate::deadline::termination::Termination;
use crate::grpc::{Reached, reached};
use crate::intercept::Cause;
#[cfg(feature = "retry")]
use policy::PolicyAttempts;

/// The failure of an attempt.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    /// Whether the call is committed to this attempt: it is when "the client receives Response-Headers", which a trailers-only response lacks.
    pub(crate) committed: bool,
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self { status, committed: false }
    }
}

/// The failed attempts of a call.
#[derive(Debug, Default)]
pub(crate) struct PastAttempts {
    /// The number of attempts that never left the client.
    unsent: u8,
    /// Whether an attempt reached the library of a server.
    unprocessed: bool,
    #[cfg(feature = "retry")]
    by_policy: PolicyAttempts,
}

/// The limit of attempts that never leave. A connection may close just before a call leaves, as it reaches its maximum age. So many in a row
/// mean a server that accepts connections but serves none.
const MAX_UNSENT: u8 = 10;

/// Waits before the next attempt. If the deadline passes meanwhile, its status includes the failure of the last attempt.
pub(crate) async fn pause(termination: &mut Termination, pause: Duration, failure: &Failure) -> Result<(), Status> {
    termination.pause(pause).await.map_err(|status| {
        let Failure { status: last, .. } = failure;
        let message = format!("{}; the last attempt: {:?}: {}", status.message(), last.code(), last.message());
        Status::new(status.code(), message)
    })
}

impl PastAttempts {
    /// The delay before the next attempt after `failure`, or `None` if the call ends.
    pub(crate) fn next(&mut self, failure: &Failure, call: &mut PreparedCall) -> Option<Duration> {
        if failure.committed || !call.requests.are_buffered() {
            return None;
        }
        if self.allow_transparent(failure) {
            call.cause = Cause::TransparentRetry;
            return Some(Duration::ZERO);
        }
        #[cfg(feature = "retry")]
        if let Some(configured) = &call.configured {
            let pause = self.by_policy.next(&failure.status, configured);
            call.cause = Cause::Retry;
            call.previous_attempts = self.by_policy.previous();
            return pause;
        }
        None
    }

    /// Whether a transparent retry may follow `failure`: at most one, if the call reached a server's library.
    pub(crate) fn allow_transparent(&mut self, failure: &Failure) -> bool {
        if failure.committed {
            return false;
        }
        match reached(&failure.status) {
            Reached::Nothing => {
                self.unsent += 1;
                self.unsent < MAX_UNSENT
            }
            Reached::Library => !mem::replace(&mut self.unprocessed, true),
            Reached::Application => false,
        }
    }
}
