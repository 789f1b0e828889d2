//! Takes what a service's owner says of calls to it, as JSON or typed; gives what holds for each method.
//!
//! Source: gRFC A2, A6, A17, A21 and `grpc/service_config/service_config.proto`.

mod current;
mod generated;
mod json;
mod method;
mod policy;

use crate::MethodDescriptor;
use rgrpc_service_config::Rules;
use std::{collections::BTreeMap, sync::Arc};

pub(crate) use current::{CurrentConfig, Loaded, RetryTokens};
pub(crate) use generated::GeneratedConfigs;

#[doc(hidden)]
pub use generated::GeneratedConfig;
pub use method::MethodConfig;
pub use policy::{CallPolicy, HedgingPolicy, RetryPolicy};
pub use rgrpc_service_config::{
    FailurePercentage, InvalidServiceConfig, LoadBalancing, OutlierDetection, Problem, RandomSubsetting,
    RetryThrottling, SuccessRate,
};

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
    methods: BTreeMap<String, Arc<MethodConfig>>,
    retry_throttling: Option<RetryThrottling>,
    load_balancing: Option<LoadBalancing>,
    health_check: Option<String>,
    ignored: Vec<Problem>,
}

impl ServiceConfig {
    /// A config that says nothing: gRPC's defaults hold.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the JSON of a service config.
    ///
    /// Fields it does not know are ignored, as gRFC A21 demands; [`ServiceConfig::ignored`] has those that look misspelt.
    ///
    /// # Errors
    ///
    /// If it is not JSON, or breaks a rule of gRFC A2, A6 or A21. The error has every problem, with the path in the JSON:
    ///
    /// ```
    /// use rgrpc::service_config::ServiceConfig;
    ///
    /// let json = r#"{"methodConfig": [{"name": [{}], "timeout": "100ms"}]}"#;
    /// assert_eq!(
    ///     ServiceConfig::from_json(json).unwrap_err().to_string(),
    ///     "service config: .methodConfig[0].timeout: \"100ms\" is not a duration in seconds; did you mean \"0.1s\"?",
    /// );
    /// ```
    pub fn from_json(json: &str) -> Result<Self, InvalidServiceConfig> {
        json::read(json, Rules::Grpc)
    }

    /// Reads a `*_grpc_service_config.json` of the kind that googleapis publishes for GAPIC clients.
    ///
    /// Their rules let three things pass that gRPC's do not:
    ///
    /// - `maxAttempts` may be missing from a retry policy, and then only the timeout ends the attempts. It counts as 5 here, which is the
    ///   most that gRFC A6 lets a client make.
    /// - `retryableStatusCodes` may be empty: nothing is retried.
    /// - A name may stand there twice. The first one counts; [`ServiceConfig::ignored`] has the others.
    ///
    /// # Errors
    ///
    /// As [`ServiceConfig::from_json`], but for these points.
    pub fn from_gapic_json(json: &str) -> Result<Self, InvalidServiceConfig> {
        json::read(json, Rules::Gapic)
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

    /// Gives what holds for `method`: what is said of it, or else of its service, or else of all.
    #[must_use]
    pub fn method(&self, method: &MethodDescriptor) -> Option<&MethodConfig> {
        self.path(method.path()).map(|config| &**config)
    }

    pub(crate) fn path(&self, path: &str) -> Option<&Arc<MethodConfig>> {
        let service = path.rfind('/').map_or("", |slash| &path[..=slash]);
        [path, service, ""].iter().find_map(|key| self.methods.get(*key))
    }

    /// Gives when retries and hedging stop.
    #[must_use]
    pub fn retry_throttling(&self) -> Option<&RetryThrottling> {
        self.retry_throttling.as_ref()
    }

    /// Gives how calls are spread over servers.
    #[must_use]
    pub fn load_balancing(&self) -> Option<&LoadBalancing> {
        self.load_balancing.as_ref()
    }

    /// Gives the service whose health servers are asked for.
    #[must_use]
    pub fn health_check(&self) -> Option<&str> {
        self.health_check.as_deref()
    }

    /// Gives what of the JSON was ignored although it was probably meant: unknown fields that look like a known one.
    #[must_use]
    pub fn ignored(&self) -> &[Problem] {
        &self.ignored
    }
}

impl std::str::FromStr for ServiceConfig {
    type Err = InvalidServiceConfig;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        Self::from_json(json)
    }
}
