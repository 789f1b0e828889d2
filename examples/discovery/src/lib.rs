//! A resolver that finds servers in the DNS with hickory, and looks them up again when the records expire.

use std::error::Error;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::net::NetError;
use rgrpc::balance::{Resolution, Resolve};
use tokio::time::{Instant, sleep_until};

/// The shortest time between two lookups, however short the TTL of the records is.
const MIN_TTL: Duration = Duration::from_secs(1);

/// Resolves a host to its servers.
///
/// ```
/// use discovery::Dns;
/// use rgrpc::{Channel, service_config::LoadBalancing};
///
/// # fn example() -> Result<Channel, Box<dyn std::error::Error>> {
/// let dns = Dns::of_system("users.prod.svc.cluster.local", 50051)?;
/// let channel = Channel::resolved_by(dns, "users.prod").load_balancing(LoadBalancing::RoundRobin).channel()?;
/// # Ok(channel)
/// # }
/// ```
pub struct Dns {
    resolver: TokioResolver,
    host: String,
    port: u16,
    /// The time at which the records of the last lookup expire.
    valid_until: Mutex<Option<Instant>>,
}

impl Dns {
    /// Uses the name servers of the system.
    ///
    /// # Errors
    ///
    /// Returns an error if the configuration of the system cannot be read.
    pub fn of_system(host: &str, port: u16) -> Result<Self, NetError> {
        Ok(Self::new(TokioResolver::builder_tokio()?.build()?, host, port))
    }

    /// Uses the name servers of `resolver`.
    #[must_use]
    pub fn new(resolver: TokioResolver, host: &str, port: u16) -> Self {
        Self { resolver, host: host.to_owned(), port, valid_until: Mutex::default() }
    }

    fn set_valid_until(&self, moment: Option<Instant>) {
        *self.valid_until.lock().unwrap_or_else(PoisonError::into_inner) = moment;
    }
}

impl Resolve for Dns {
    async fn resolve(&self) -> Result<Resolution, Box<dyn Error + Send + Sync>> {
        // After a failure, rgrpc retries by itself.
        self.set_valid_until(None);
        let found = self.resolver.lookup_ip(self.host.as_str()).await?;
        self.set_valid_until(Some(Instant::from_std(found.valid_until()).max(Instant::now() + MIN_TTL)));
        Ok(Resolution::new(found.iter().map(|ip| SocketAddr::new(ip, self.port))))
    }

    async fn changed(&self) {
        let valid_until = *self.valid_until.lock().unwrap_or_else(PoisonError::into_inner);
        match valid_until {
            Some(moment) => sleep_until(moment).await,
            None => pending().await,
        }
    }
}
