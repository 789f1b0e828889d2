//! Picks one of the connected servers for a call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::request::Parts;

use super::Address;
use super::outliers::Outcomes;
use crate::client::connection::http2::Connection;

/// A load balancing policy of your own: chooses a connected server for each call.
///
/// [`Target::pick`](super::Target::pick) takes it. A channel has one for its whole life.
///
/// ```
/// use rgrpc::{Channel, balance::{Backend, Pick}};
///
/// /// Sends a tenant to the same server, as long as the set of servers stays the same.
/// struct ByTenant;
///
/// impl Pick for ByTenant {
///     fn pick(&self, backends: &[Backend], request: &http::request::Parts) -> usize {
///         let tenant = request.headers.get("tenant").map_or(&b""[..], |tenant| tenant.as_bytes());
///         tenant.iter().fold(0, |hash: usize, byte| hash.wrapping_mul(31).wrapping_add(usize::from(*byte)))
///     }
/// }
///
/// # fn example() -> Result<(), rgrpc::ConnectError> {
/// let channel = Channel::target("dns:///users.prod:443").pick(ByTenant).channel()?;
/// # Ok(())
/// # }
/// ```
pub trait Pick: Send + Sync + 'static {
    /// Returns the index of the server for the call with this `request`. `backends` has at least one server, and all are connected. An index
    /// past the end wraps around.
    ///
    /// If that server has no room, or has already had an attempt of the call, the next one takes it.
    fn pick(&self, backends: &[Backend], request: &Parts) -> usize;
}

/// A connected server.
#[derive(Debug, Clone)]
pub struct Backend {
    pub(super) connection: Connection,
    /// The outcomes of its calls, if outlier detection is on.
    pub(super) outcomes: Option<Arc<Outcomes>>,
}

impl Backend {
    /// The address to which it is connected.
    #[must_use]
    pub fn address(&self) -> &Address {
        self.connection.address()
    }

    /// The number of its running calls. A stream counts until its last message.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.connection.calls()
    }
}

/// Picks the first server.
pub(super) struct First;

impl Pick for First {
    fn pick(&self, _: &[Backend], _: &Parts) -> usize {
        0
    }
}

/// Picks each server in turn.
pub(super) struct RoundRobin(AtomicUsize);

impl RoundRobin {
    /// Starts at a random server, so that many clients do not all start with the same one.
    pub(super) fn new() -> Self {
        Self(AtomicUsize::new(fastrand::usize(..)))
    }
}

impl Pick for RoundRobin {
    fn pick(&self, _: &[Backend], _: &Parts) -> usize {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// Picks the server with the fewest calls among a few random ones. Source: gRFC A48.
pub(super) struct LeastRequest {
    pub(super) choices: u32,
}

impl Pick for LeastRequest {
    fn pick(&self, backends: &[Backend], _: &Parts) -> usize {
        let drawn = (0..self.choices).map(|_| fastrand::usize(..backends.len()));
        drawn.min_by_key(|index| backends[*index].calls()).unwrap_or_default()
    }
}
