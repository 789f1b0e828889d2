//! A service config: the settings of calls, by method.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{LoadBalancing, MethodConfig, Problem, RetryThrottling};
use crate::MethodDescriptor;

/// gRPC's [service config](https://github.com/grpc/grpc/blob/master/doc/service_config.md): timeouts, size limits, retries and hedging by
/// method, load balancing, health checks.
///
/// Read it from JSON, or make it in code. The entry of a method replaces that of its service, which replaces the one for all methods; they are
/// not merged.
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
    /// By path: `/service/method`, `/service/` for a whole service, or an empty path for all methods.
    pub(super) methods: BTreeMap<String, Arc<MethodConfig>>,
    pub(super) retry_throttling: Option<RetryThrottling>,
    pub(super) load_balancing: Option<LoadBalancing>,
    pub(super) health_check: Option<String>,
    pub(super) ignored: Vec<Problem>,
}

impl ServiceConfig {
    /// Makes an empty config, with gRPC's defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the config of all methods that have no entry, and whose service has none.
    #[must_use]
    pub fn for_all(self, config: MethodConfig) -> Self {
        self.insert(String::new(), config)
    }

    /// Sets the config of the methods of `service` that have no entry of their own. The name is in full: `user.v1.UserService`.
    #[must_use]
    pub fn for_service(self, service: &str, config: MethodConfig) -> Self {
        self.insert(format!("/{service}/"), config)
    }

    /// Sets the config of `method`.
    #[must_use]
    pub fn for_method(self, method: &MethodDescriptor, config: MethodConfig) -> Self {
        self.insert(method.path().to_owned(), config)
    }

    fn insert(mut self, path: String, config: MethodConfig) -> Self {
        self.methods.insert(path, Arc::new(config));
        self
    }

    /// Suspends retries and hedging while too many calls fail. Default: no throttling.
    #[must_use]
    pub fn with_retry_throttling(self, throttling: RetryThrottling) -> Self {
        Self { retry_throttling: Some(throttling), ..self }
    }

    /// Sets the load balancing policy. Default: `pick_first`.
    #[must_use]
    pub fn with_load_balancing(self, policy: LoadBalancing) -> Self {
        Self { load_balancing: Some(policy), ..self }
    }

    /// Watches the health of `service` on each server, and sends no calls to servers that are not serving (gRFC A17). An empty name means the
    /// whole server. Default: no health checks.
    #[must_use]
    pub fn with_health_check(self, service: impl Into<String>) -> Self {
        Self { health_check: Some(service.into()), ..self }
    }

    /// The config of `method`: its own, or else that of its service, or else that of all methods.
    #[must_use]
    pub fn method(&self, method: &MethodDescriptor) -> Option<&MethodConfig> {
        self.path(method.path()).map(|config| &**config)
    }

    pub(crate) fn path(&self, path: &str) -> Option<&Arc<MethodConfig>> {
        let service = path.rfind('/').map_or("", |slash| &path[..=slash]);
        [path, service, ""].iter().find_map(|key| self.methods.get(*key))
    }

    /// The throttling of retries and hedging.
    #[must_use]
    pub fn retry_throttling(&self) -> Option<&RetryThrottling> {
        self.retry_throttling.as_ref()
    }

    /// The load balancing policy.
    #[must_use]
    pub fn load_balancing(&self) -> Option<&LoadBalancing> {
        self.load_balancing.as_ref()
    }

    /// The service whose health is watched.
    #[must_use]
    pub fn health_check(&self) -> Option<&str> {
        self.health_check.as_deref()
    }

    /// Unknown fields of the JSON that look like a misspelt known one, and were ignored.
    #[must_use]
    pub fn ignored(&self) -> &[Problem] {
        &self.ignored
    }
}
