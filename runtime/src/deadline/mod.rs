//! The deadline of a call, from a timeout or from the header `grpc-timeout`.

pub(crate) mod clock;
#[cfg(any(feature = "balance", feature = "serve"))]
pub(crate) mod moment;
mod scope;
pub(crate) mod termination;

use std::time::Duration;

use http::HeaderMap;
use tonic::Extensions;

use crate::grpc::timeout;
use clock::Instant;

pub(crate) use scope::enter;

/// The time by which a call must be complete.
///
/// A handler finds the deadline of its caller in the extensions of the request, and passes it on to a call of its own:
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, User, user_service_client::UserServiceClient};
/// use rgrpc::{Deadline, Request, Response, Status};
///
/// async fn handler(request: Request<GetUserRequest>, downstream: UserServiceClient) -> Result<Response<User>, Status> {
///     let deadline = Deadline::of(request.extensions());
///     downstream.get_user(request.into_inner()).deadline(deadline).await
/// }
/// ```
///
/// A server with [`inherit_deadlines`](crate::ServiceServer::inherit_deadlines) does this for all calls of its handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deadline(Instant);

impl Deadline {
    /// The deadline `timeout` from now, at most 30 years.
    #[must_use]
    pub fn after(timeout: Duration) -> Self {
        Self(clock::after(timeout))
    }

    /// The deadline of a request, from its extensions; `None` if the caller has set none.
    ///
    /// On a server, it is up to 1 ms earlier than the caller's.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().copied()
    }

    /// The time until the deadline; zero if it has passed.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    pub(crate) fn has_passed(&self) -> bool {
        self.remaining().is_zero()
    }

    pub(crate) fn instant(&self) -> Instant {
        self.0
    }

    /// The deadline in the headers of a request. It is slightly early, so that this crate answers before tonic's transport, whose timer for the
    /// same header answers `CANCELLED` instead of `DEADLINE_EXCEEDED`.
    pub(crate) fn of_headers(headers: &HeaderMap) -> Option<Self> {
        const TIMER_TICK: Duration = Duration::from_millis(1);
        let timeout = timeout::timeout(headers)?;
        Some(Self::after(timeout.saturating_sub(TIMER_TICK.min(timeout / 2))))
    }
}
