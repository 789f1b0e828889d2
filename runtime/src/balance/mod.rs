//! Channels over many servers: name resolution, load balancing, health checks and outlier detection.
//!
//! [`Channel::target`](crate::Channel::target) makes one.
//!
//! ```text
//! Resolve -> endpoints -> a subchannel for each -> those that are connected -> Pick, for each call
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
    /// Sets whether the call waits while no server can be reached, instead of failing with `UNAVAILABLE`; its deadline still applies. Default:
    /// `waitForReady` of the service config, or else `false`.
    ///
    /// Only channels of [`Channel::target`](crate::Channel::target) wait. Others ignore this.
    pub fn wait_for_ready(self, wait: bool) -> Self {
        self.extension(service::WaitForReady(wait))
    }
}

/// Sets `wait_for_ready` from the service config, unless the call has set it.
pub(crate) fn default_wait_for_ready(extensions: &mut tonic::Extensions, wait: bool) {
    if extensions.get::<service::WaitForReady>().is_none() {
        extensions.insert(service::WaitForReady(wait));
    }
}
