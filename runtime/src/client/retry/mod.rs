//! Decides whether a failed call is sent again although no policy asks for that.
//!
//! The transparent retries of gRFC A6 (<https://github.com/grpc/proposal/blob/master/A6-client-retries.md>): `if the RPC never leaves the
//! client, or reaches the server's library but has never been seen by the server application logic`, nothing can happen twice. They need
//! no policy and count towards none.

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

/// How an attempt failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    /// "An RPC becomes committed" when "the client receives Response-Headers"; a response that is only trailers has none.
    pub(crate) committed: bool,
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self { status, committed: false }
    }
}

/// The attempts that a call has had so far.
#[derive(Debug, Default)]
pub(crate) struct PastAttempts {
    /// The ones that never left.
    unsent: u8,
    /// Whether one reached the library of a server.
    unprocessed: bool,
    #[cfg(feature = "retry")]
    counted: PolicyAttempts,
}

/// A connection that takes a call and ends before it leaves was aged out, or shut down. So many in a row are a server that accepts
/// connections and does nothing else: one that cannot be reached.
const MOST_UNSENT: u8 = 10;

/// Waits before the call is sent again. A deadline that passes meanwhile does not hide why.
pub(crate) async fn pause(termination: &mut Termination, pause: Duration, failure: &Failure) -> Result<(), Status> {
    termination.pause(pause).await.map_err(|status| {
        let Failure { status: last, .. } = failure;
        let message = format!("{}; the last attempt: {:?}: {}", status.message(), last.code(), last.message());
        Status::new(status.code(), message)
    })
}

impl PastAttempts {
    /// The pause before the call is sent again after `failure`; nothing if it is not.
    pub(crate) fn next(&mut self, failure: &Failure, call: &mut PreparedCall) -> Option<Duration> {
        if failure.committed || !call.requests.are_kept() {
            return None;
        }
        if self.allow_another(failure) {
            call.cause = Cause::TransparentRetry;
            return Some(Duration::ZERO);
        }
        #[cfg(feature = "retry")]
        if let Some(configured) = &call.configured {
            let pause = self.counted.next(&failure.status, configured);
            call.cause = Cause::Retry;
            call.previous_attempts = self.counted.previous();
            return pause;
        }
        None
    }

    /// Whether the call of which an attempt ended with `failure` may be sent again: at most once if a server's library had it.
    pub(crate) fn allow_another(&mut self, failure: &Failure) -> bool {
        if failure.committed {
            return false;
        }
        match reached(&failure.status) {
            Reached::Nothing => {
                self.unsent += 1;
                self.unsent < MOST_UNSENT
            }
            Reached::Library => !mem::replace(&mut self.unprocessed, true),
            Reached::Application => false,
        }
    }
}
