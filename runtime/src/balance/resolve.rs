//! Resolves a name to servers, again and again.

use std::future::{Future, pending};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep_until, timeout};

use super::backoff::{Backoff, BackoffSettings};
use super::{Address, Endpoint};
use crate::client::connection::lookup::lookup;
use crate::deadline::clock::after;
use crate::service_config::ServiceConfig;
use crate::{BoxError, BoxFuture};

/// A resolver of your own: finds servers in a registry, a file or anywhere else. [`Channel::resolved_by`](crate::Channel::resolved_by) takes it.
///
/// The channel resolves at its first call, when a connection is lost or cannot be made (at most every 30 s, unless
/// [`Target::min_resolution_interval`](super::Target::min_resolution_interval) says otherwise), and whenever [`Resolve::changed`] completes.
///
/// ```
/// use rgrpc::{Channel, balance::{Resolution, Resolve}};
/// use std::{error::Error, net::SocketAddr};
///
/// /// A file with one address per line.
/// struct File(&'static str);
///
/// impl Resolve for File {
///     async fn resolve(&self) -> Result<Resolution, Box<dyn Error + Send + Sync>> {
///         let addresses: Result<Vec<SocketAddr>, _> = std::fs::read_to_string(self.0)?.lines().map(str::parse).collect();
///         Ok(Resolution::new(addresses?))
///     }
/// }
///
/// # fn example() -> Result<(), rgrpc::ConnectError> {
/// let channel = Channel::resolved_by(File("/etc/users"), "users.prod").channel()?;
/// # Ok(())
/// # }
/// ```
pub trait Resolve: Send + Sync + 'static {
    /// Finds the servers.
    ///
    /// # Errors
    ///
    /// If the servers cannot be found; no result within 2 min is an error too. Servers that were found before stay in use. If there are
    /// none, calls fail with `UNAVAILABLE` and the text of the error. The channel resolves again after a backoff.
    fn resolve(&self) -> impl Future<Output = Result<Resolution, BoxError>> + Send;

    /// Completes when the servers may have changed; [`Resolve::resolve`] is then called again. Default: never.
    fn changed(&self) -> impl Future<Output = ()> + Send {
        pending()
    }
}

/// The servers that a resolver found.
#[derive(Debug, Clone, Default)]
pub struct Resolution {
    pub(super) endpoints: Vec<Endpoint>,
    service_config: Option<String>,
}

impl Resolution {
    /// Servers in order of preference.
    pub fn new(endpoints: impl IntoIterator<Item = impl Into<Endpoint>>) -> Self {
        Self { endpoints: endpoints.into_iter().map(Into::into).collect(), service_config: None }
    }

    /// Adds a service config in JSON, which replaces that of [`Target::service_config`](super::Target::service_config).
    ///
    /// The first calls of a channel wait for it. A later config applies to the calls that start after it was resolved. An invalid config is
    /// ignored, unless there was no valid one before: then the resolution fails (gRFC A21).
    #[must_use]
    pub fn with_service_config(self, json: impl Into<String>) -> Self {
        Self { service_config: Some(json.into()), ..self }
    }
}

/// A [`Resolve`] whose type is erased.
pub(super) trait AnyResolve: Send + Sync {
    fn resolve(&self) -> BoxFuture<'_, Result<Resolution, BoxError>>;
    fn changed(&self) -> BoxFuture<'_, ()>;
}

impl<R: Resolve> AnyResolve for R {
    fn resolve(&self) -> BoxFuture<'_, Result<Resolution, BoxError>> {
        Box::pin(Resolve::resolve(self))
    }

    fn changed(&self) -> BoxFuture<'_, ()> {
        Box::pin(Resolve::changed(self))
    }
}

/// Servers that never change.
pub(super) struct Fixed(pub(super) Vec<Endpoint>);

impl Resolve for Fixed {
    async fn resolve(&self) -> Result<Resolution, BoxError> {
        Ok(Resolution::new(self.0.clone()))
    }
}

/// A host that the system resolver looks up.
pub(super) struct Dns {
    pub(super) host: String,
    pub(super) port: u16,
}

impl Resolve for Dns {
    async fn resolve(&self) -> Result<Resolution, BoxError> {
        // "The DNS resolver will return each address as a separate endpoint."
        Ok(Resolution::new(lookup(&self.host, self.port).await?))
    }
}

/// Several resolvers, whose servers are merged.
pub(super) struct All(pub(super) Vec<Arc<dyn AnyResolve>>);

impl Resolve for All {
    async fn resolve(&self) -> Result<Resolution, BoxError> {
        let mut endpoints = Vec::new();
        let mut failure = None;
        for name in &self.0 {
            match name.resolve().await {
                Ok(resolution) => endpoints.extend(resolution.endpoints),
                Err(error) => failure = Some(error),
            }
        }
        match failure {
            Some(error) if endpoints.is_empty() => Err(error),
            _ => Ok(Resolution::new(endpoints)),
        }
    }
}

/// The result of a resolution: servers and their service config, or why it failed.
pub(super) type ResolverResult = Result<(Vec<Endpoint>, Arc<ServiceConfig>), String>;

/// The timeout of a resolution, so that no call waits forever. gRPC's C core has the same.
const RESOLUTION_TIMEOUT: Duration = Duration::from_secs(120);

/// The loop that resolves the name of a channel.
pub(super) struct ResolutionLoop {
    pub(super) resolver: Arc<dyn AnyResolve>,
    pub(super) default_config: Option<Arc<ServiceConfig>>,
    pub(super) min_interval: Duration,
}

impl ResolutionLoop {
    /// Resolves at once, and again on `requests`, after failures and after changes, until the receiver of `found` is dropped.
    pub(super) async fn run(self, requests: Arc<Notify>, found: mpsc::Sender<ResolverResult>) {
        let mut backoff = Backoff::default();
        let mut config = None;
        loop {
            backoff.start(&BackoffSettings::default(), Instant::now());
            let result = self.resolve(&mut config).await;
            let is_empty = |endpoint: &Endpoint| endpoint.addresses().is_empty();
            let failed = result.as_ref().map_or(true, |(endpoints, _)| endpoints.iter().all(is_empty));
            if found.send(result).await.is_err() {
                return;
            }
            if failed {
                tokio::select! {
                    () = sleep_until(backoff.until()) => {}
                    () = self.resolver.changed() => {}
                }
                continue;
            }
            backoff.succeeded();
            let soonest = after(self.min_interval);
            tokio::select! {
                () = async { requests.notified().await; sleep_until(soonest).await } => {}
                () = self.resolver.changed() => {}
            }
        }
    }

    /// Resolves once. An invalid config leaves the one before it in place, or fails the resolution if there is none (gRFC A21).
    async fn resolve(&self, config: &mut Option<Arc<ServiceConfig>>) -> ResolverResult {
        let resolution = timeout(RESOLUTION_TIMEOUT, self.resolver.resolve()).await;
        let resolution =
            resolution.map_err(|_| format!("the resolver did not answer within {RESOLUTION_TIMEOUT:?}"))?;
        let resolution = resolution.map_err(|error| error.to_string())?;
        let received = resolution.service_config.map(|json| ServiceConfig::from_json(&json));
        let fallback = || self.default_config.clone();
        *config = match received {
            Some(Ok(received)) => Some(Arc::new(received)),
            Some(Err(error)) => Some(config.take().or_else(fallback).ok_or_else(|| error.to_string())?),
            None => Some(fallback().unwrap_or_default()),
        };
        Ok((resolution.endpoints, config.clone().unwrap_or_default()))
    }
}

impl From<Vec<Address>> for Fixed {
    fn from(addresses: Vec<Address>) -> Self {
        Self(addresses.into_iter().map(Endpoint::from).collect())
    }
}
