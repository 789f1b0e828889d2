//! Resolves a name to servers, and resolves it anew as long as they may change.

use std::future::{Future, pending};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep_until, timeout};

use super::backoff::{Backoff, Pauses};
use super::{Address, Endpoint};
use crate::client::connection::lookup::lookup;
use crate::deadline::clock::after;
use crate::service_config::ServiceConfig;
use crate::{BoxError, BoxFuture};

/// A way to find the servers that a name stands for: a registry, a file, a watch.
///
/// It is asked when the channel is first used, when a connection is lost or cannot be made (at most every 30 s), and whenever
/// [`Resolve::changed`] says so.
///
/// ```
/// use rgrpc::{Channel, balance::{Resolution, Resolve}};
/// use std::{error::Error, net::SocketAddr};
///
/// /// One address a line.
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
    /// If the servers cannot be found, as after two minutes without an answer. Servers that were found before stay; without any, calls
    /// fail with `UNAVAILABLE` and the error's text, and the resolver is asked again after a while.
    fn resolve(&self) -> impl Future<Output = Result<Resolution, BoxError>> + Send;

    /// Completes when there is something new, so that [`Resolve::resolve`] is called again. Default: never.
    fn changed(&self) -> impl Future<Output = ()> + Send {
        pending()
    }
}

/// The servers that a name stands for.
#[derive(Debug, Clone, Default)]
pub struct Resolution {
    pub(super) endpoints: Vec<Endpoint>,
    service_config: Option<String>,
}

impl Resolution {
    /// The servers, in order of preference.
    pub fn new(endpoints: impl IntoIterator<Item = impl Into<Endpoint>>) -> Self {
        Self { endpoints: endpoints.into_iter().map(Into::into).collect(), service_config: None }
    }

    /// Adds a service config, in JSON, which overrides that of the channel.
    ///
    /// The first calls of a channel wait for it; a later one holds for calls that start once it is here.
    /// One that is invalid changes nothing; if none was valid before, it counts as a failure to find any servers (gRFC A21).
    #[must_use]
    pub fn with_service_config(self, json: impl Into<String>) -> Self {
        Self { service_config: Some(json.into()), ..self }
    }
}

/// [`Resolve`] without its type.
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

/// A host, by the system's resolver.
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

/// The servers of several names together.
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

/// The result of a resolver: servers and the config that holds for them, or why there is nothing.
pub(super) type ResolverResult = Result<(Vec<Endpoint>, Arc<ServiceConfig>), String>;

/// A resolver that takes longer has failed, so that no call waits forever. It is what gRPC's own resolvers have.
const MOST_TIME: Duration = Duration::from_secs(120);

/// How resolvers are asked.
pub(super) struct Asking {
    pub(super) resolver: Arc<dyn AnyResolve>,
    pub(super) default_config: Option<Arc<ServiceConfig>>,
    pub(super) min_interval: Duration,
}

impl Asking {
    /// Asks the resolver, and again after each of `requests` and after failures, for as long as somebody listens.
    pub(super) async fn run(self, requests: Arc<Notify>, found: mpsc::Sender<ResolverResult>) {
        let mut backoff = Backoff::default();
        let mut config = None;
        loop {
            backoff.start(&Pauses::default(), Instant::now());
            let result = self.ask(&mut config).await;
            let is_nowhere = |endpoint: &Endpoint| endpoint.addresses().is_empty();
            let failed = result.as_ref().map_or(true, |(endpoints, _)| endpoints.iter().all(is_nowhere));
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

    /// gRFC A21: a config that is invalid leaves the one before it, or fails the resolution if there is none.
    async fn ask(&self, config: &mut Option<Arc<ServiceConfig>>) -> ResolverResult {
        let resolution = timeout(MOST_TIME, self.resolver.resolve()).await;
        let resolution = resolution.map_err(|_| format!("no answer of the resolver within {MOST_TIME:?}"))?;
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
