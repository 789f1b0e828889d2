//! Channels over connections of this crate's own: names, balancing over many servers, and the states of their connections.
//!
//! [`Channel::target`](crate::Channel::target) makes one.
//!
//! ```text
//! Resolve -> Endpoint.. -> subchannels -> connections that are ready -> Pick -> one of them, for each call
//! ```

mod activity;
mod address;
mod assign;
mod backoff;
mod channel;
mod constructors;
mod health;
mod health_check;
mod outliers;
mod pick;
mod policy;
mod resolve;
mod send;
mod server;
mod service;
mod settings;
mod snapshot;
mod state;
mod subchannel;
mod subset;
mod target;
mod target_name;
mod tried_servers;

pub use crate::client::connection::connector::Connector;
pub use crate::connection::address::Address;
pub use address::Endpoint;
pub use pick::{Backend, Pick};
pub use resolve::{Resolution, Resolve};
pub use service::Balanced;
pub use state::State;
pub use target::Target;
pub(crate) use tried_servers::TriedServers;

impl<T> crate::Call<T> {
    /// Has the call wait, until its deadline, while no server can be reached, instead of failing with `UNAVAILABLE`. Default: what the
    /// service config says, or else it fails.
    ///
    /// Only channels from [`Channel::target`](crate::Channel::target) know whether servers can be reached.
    pub fn wait_for_ready(self, wait: bool) -> Self {
        self.extension(service::WaitForReady(wait))
    }
}

/// Sets whether a call waits, unless it says so itself.
pub(crate) fn default_wait_for_ready(extensions: &mut tonic::Extensions, wait: bool) {
    if extensions.get::<service::WaitForReady>().is_none() {
        extensions.insert(service::WaitForReady(wait));
    }
}
