//! Picks the server for a call among those that are connected.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::request::Parts;

use super::Address;
use super::outliers::Outcomes;
use crate::client::connection::http2::Connection;

/// A way to choose a server for each call. Its state is its own: it is made once for a channel.
///
/// ```
/// use rgrpc::{Channel, balance::{Backend, Pick}};
///
/// /// The same server for the same tenant, as long as the servers stay the same.
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
    /// The index of the server that takes the call. `backends` are all connected, and at least one; an index past the end wraps around.
    fn pick(&self, backends: &[Backend], request: &Parts) -> usize;
}

/// A server that is connected.
#[derive(Debug, Clone)]
pub struct Backend {
    pub(super) connection: Connection,
    /// Where the ends of its calls are counted, if servers are judged by them.
    pub(super) outcomes: Option<Arc<Outcomes>>,
}

impl Backend {
    /// The address of its connection.
    #[must_use]
    pub fn address(&self) -> &Address {
        self.connection.address()
    }

    /// How many calls it has under way, until their last message.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.connection.calls()
    }
}

/// The only server.
pub(super) struct First;

impl Pick for First {
    fn pick(&self, _: &[Backend], _: &Parts) -> usize {
        0
    }
}

/// Each server in turn.
pub(super) struct RoundRobin(AtomicUsize);

impl RoundRobin {
    /// Starts anywhere, so that many clients do not start with the same server.
    pub(super) fn new() -> Self {
        Self(AtomicUsize::new(fastrand::usize(..)))
    }
}

impl Pick for RoundRobin {
    fn pick(&self, _: &[Backend], _: &Parts) -> usize {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// The one with the fewest calls among a few that are drawn at random. Source: gRFC A48.
pub(super) struct LeastRequest {
    pub(super) choices: u32,
}

impl Pick for LeastRequest {
    fn pick(&self, backends: &[Backend], _: &Parts) -> usize {
        let drawn = (0..self.choices).map(|_| fastrand::usize(..backends.len()));
        drawn.min_by_key(|index| backends[*index].calls()).unwrap_or_default()
    }
}
