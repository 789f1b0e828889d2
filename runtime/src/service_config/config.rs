//! The settings for calls to a service: what holds for each method.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{LoadBalancing, MethodConfig, Problem, RetryThrottling};
use crate::MethodDescriptor;

/// How calls to a service behave: timeouts, size limits, retries, hedging, balancing and health checks, by method.
///
/// It is gRPC's [service config](https://github.com/grpc/grpc/blob/master/doc/service_config.md), either out of JSON or made here.
/// The entry for a method overrides that for its service, and that overrides the one for all; nothing is merged between the
/// three.
///
/// ```
/// use rgrpc::{Code, MethodDescriptor, service_config::{MethodConfig, RetryPolicy, ServiceConfig}};
/// use std::time::Duration;
///
/// const GET_USER: MethodDescriptor = MethodDescriptor::unary("/user.v1.UserService/GetUser");
///
/// let config = ServiceConfig::from_json(
///     r#"{
///         "methodConfig": [
///             {"name": [{}], "timeout": "10s"},
///             {"name": [{"service": "user.v1.UserService", "method": "GetUser"}], "timeout": "1s", "waitForReady": true}
///         ]
///     }"#,
/// )?;
/// assert_eq!(config.method(&GET_USER).and_then(MethodConfig::timeout), Some(Duration::from_secs(1)));
///
/// let config = ServiceConfig::new().for_all(
///     MethodConfig::new().with_timeout(Duration::from_secs(10)).with_retries(RetryPolicy::new(4, [Code::Unavailable])),
/// );
/// assert_eq!(config.method(&GET_USER).and_then(MethodConfig::timeout), Some(Duration::from_secs(10)));
/// # Ok::<(), rgrpc::service_config::InvalidServiceConfig>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceConfig {
    /// By path: `/service/method`, `/service/` for a whole service, and nothing for all methods.
    pub(super) methods: BTreeMap<String, Arc<MethodConfig>>,
    pub(super) retry_throttling: Option<RetryThrottling>,
    pub(super) load_balancing: Option<LoadBalancing>,
    pub(super) health_check: Option<String>,
    pub(super) ignored: Vec<Problem>,
}

impl ServiceConfig {
    /// An empty config: gRPC's defaults hold.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what holds for every method that neither is named nor belongs to a service that is.
    #[must_use]
    pub fn for_all(self, config: MethodConfig) -> Self {
        self.insert(String::new(), config)
    }

    /// Sets what holds for the methods of `service`, a full name such as `user.v1.UserService`, that are not named themselves.
    #[must_use]
    pub fn for_service(self, service: &str, config: MethodConfig) -> Self {
        self.insert(format!("/{service}/"), config)
    }

    /// Sets what holds for `method`.
    #[must_use]
    pub fn for_method(self, method: &MethodDescriptor, config: MethodConfig) -> Self {
        self.insert(method.path().to_owned(), config)
    }

    fn insert(mut self, path: String, config: MethodConfig) -> Self {
        self.methods.insert(path, Arc::new(config));
        self
    }

    /// Stops retries and hedging while too many calls fail. Default: never.
    #[must_use]
    pub fn with_retry_throttling(self, throttling: RetryThrottling) -> Self {
        Self { retry_throttling: Some(throttling), ..self }
    }

    /// Chooses how calls are spread over servers. Default: `pick_first`.
    #[must_use]
    pub fn with_load_balancing(self, policy: LoadBalancing) -> Self {
        Self { load_balancing: Some(policy), ..self }
    }

    /// Has each server asked whether `service` is healthy, by gRPC's health protocol (gRFC A17); the empty name stands for the whole
    /// server. Default: servers are not asked.
    #[must_use]
    pub fn with_health_check(self, service: impl Into<String>) -> Self {
        Self { health_check: Some(service.into()), ..self }
    }

    /// The config of `method`: its own, or else that of its service, or else the one for all.
    #[must_use]
    pub fn method(&self, method: &MethodDescriptor) -> Option<&MethodConfig> {
        self.path(method.path()).map(|config| &**config)
    }

    pub(crate) fn path(&self, path: &str) -> Option<&Arc<MethodConfig>> {
        let service = path.rfind('/').map_or("", |slash| &path[..=slash]);
        [path, service, ""].iter().find_map(|key| self.methods.get(*key))
    }

    /// When retries and hedging stop.
    #[must_use]
    pub fn retry_throttling(&self) -> Option<&RetryThrottling> {
        self.retry_throttling.as_ref()
    }

    /// How calls are spread over servers.
    #[must_use]
    pub fn load_balancing(&self) -> Option<&LoadBalancing> {
        self.load_balancing.as_ref()
    }

    /// The service whose health servers are asked for.
    #[must_use]
    pub fn health_check(&self) -> Option<&str> {
        self.health_check.as_deref()
    }

    /// The parts of the JSON that were ignored although they probably have a purpose: unknown fields that look like a known one.
    #[must_use]
    pub fn ignored(&self) -> &[Problem] {
        &self.ignored
    }
}
