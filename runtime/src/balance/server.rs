//! A server of a channel: the state of its subchannel, its health and its ejection.

use std::sync::Arc;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::address::Endpoint;
use super::health::Health;
use super::outliers::{Ejection, Outcomes};
use super::subchannel::Connectivity;
use super::{Address, State};
use crate::client::connection::http2::Connection;

/// A task that is aborted when this is dropped.
pub(super) struct Task(pub(super) JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A server of a channel.
pub(super) struct BalancedServer {
    pub(super) endpoint: Endpoint,
    /// The state of its subchannel.
    pub(super) connectivity: Connectivity,
    pub(super) health: Health,
    pub(super) watch: Option<Task>,
    pub(super) outcomes: Arc<Outcomes>,
    pub(super) ejection: Ejection,
    pub(super) addresses: watch::Sender<Vec<Address>>,
    pub(super) wanted: Arc<Notify>,
    pub(super) _task: Task,
}

/// A failure lasts until the server is connected (gRFC A62).
pub(super) fn sticky(old: &Connectivity, new: Connectivity) -> Connectivity {
    match (old, new) {
        (Connectivity::TransientFailure(_), Connectivity::Connecting) => old.clone(),
        (_, new) => new,
    }
}

impl Connectivity {
    pub(super) fn connection(&self) -> Option<Connection> {
        match self {
            Self::Ready(connection) => Some(connection.clone()),
            _ => None,
        }
    }
}

impl BalancedServer {
    /// The state that calls see: "the subchannel will stay in state CONNECTING until it receives the first health-check response" (gRFC A17).
    pub(super) fn connectivity(&self) -> Connectivity {
        match (&self.connectivity, &self.health) {
            (Connectivity::Ready(_), Health::Awaited) => Connectivity::Connecting,
            (Connectivity::Ready(_), Health::NotServing(reason)) => Connectivity::TransientFailure(reason.clone()),
            (Connectivity::Ready(connection), _) if self.ejection.is_ejected() => {
                let reason =
                    format!("{}: ejected for a while, because too many of its calls failed", connection.address());
                Connectivity::TransientFailure(reason.into())
            }
            (connectivity, _) => connectivity.clone(),
        }
    }

    pub(super) fn state(&self) -> State {
        match self.connectivity() {
            Connectivity::Idle => State::Idle,
            Connectivity::Connecting => State::Connecting,
            Connectivity::Ready(_) => State::Ready,
            Connectivity::TransientFailure(_) => State::TransientFailure,
        }
    }
}
