//! The settings of a channel for service configs and retries.

#[cfg(feature = "retry")]
use std::sync::Arc;

use super::Channel;
#[cfg(feature = "retry")]
use super::ConfigSource;
#[cfg(feature = "retry")]
use crate::service_config::{CurrentConfig, GeneratedConfig, RetryPolicy, ServiceConfig};

impl Channel {
    /// Limits how much of a stream of requests is buffered for retries, in bytes. Default: 64 KiB less one byte, a limit of each call.
    ///
    /// Requests are buffered until the headers of the response arrive. A call that has sent more is not retried, and hedging continues with
    /// one attempt (gRFC A6). A single request is kept whatever its size.
    ///
    /// There is no limit for all calls of a channel together, which gRFC A6 allows. They buffer at most this much times the number of calls
    /// that wait for headers. A limit on that number, such as
    #[cfg_attr(
        feature = "balance",
        doc = "[`Target::max_calls_per_server`](crate::balance::Target::max_calls_per_server),"
    )]
    #[cfg_attr(not(feature = "balance"), doc = "`Target::max_calls_per_server`,")]
    /// bounds both, and lets no call lose its retries because of others.
    #[must_use]
    pub fn retry_buffer(self, bytes: usize) -> Self {
        self.set(|settings| settings.retry_buffer = Some(bytes))
    }
}

#[cfg(feature = "retry")]
impl Channel {
    /// Sets the service config: timeouts, size limits, retries and hedging, by method. Default: none.
    ///
    /// All clients of this channel share its retry throttling. Load balancing and health checks of a config have no effect here: they belong to
    /// `Target::service_config` of the feature `balance`, which takes the whole config.
    ///
    /// ```
    /// # fn example(channel: rgrpc::Channel) -> Result<rgrpc::Channel, rgrpc::service_config::InvalidServiceConfig> {
    /// use rgrpc::service_config::ServiceConfig;
    ///
    /// let config = ServiceConfig::from_json(
    ///     r#"{
    ///         "methodConfig": [{
    ///             "name": [{"service": "user.v1.UserService"}],
    ///             "timeout": "2s",
    ///             "retryPolicy": {
    ///                 "maxAttempts": 3,
    ///                 "initialBackoff": "0.1s",
    ///                 "maxBackoff": "1s",
    ///                 "backoffMultiplier": 2,
    ///                 "retryableStatusCodes": ["UNAVAILABLE"]
    ///             }
    ///         }],
    ///         "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}
    ///     }"#,
    /// )?;
    /// let channel = channel.service_config(config);
    /// # Ok(channel)
    /// # }
    /// ```
    #[must_use]
    pub fn service_config(self, config: ServiceConfig) -> Self {
        let config = CurrentConfig::new(Arc::new(config));
        self.set(|settings| settings.service_config = Some(ConfigSource::Given(config)))
    }

    /// Sets the config that a client was generated with, for methods that the channel's own config does not mention.
    #[doc(hidden)]
    #[must_use]
    pub fn generated_config(self, config: &'static GeneratedConfig) -> Self {
        let loaded = self.settings().generated_configs.load(config);
        self.set(|settings| settings.generated_config = Some(loaded))
    }

    /// Retries calls of methods whose option `idempotency_level` is `NO_SIDE_EFFECTS` or `IDEMPOTENT`, unless the service config has a policy for
    /// them. Default: no such retries.
    ///
    /// The schema promises that repeating such a call does no harm. The policy, and the retry throttling of the service config, have to
    /// protect the servers from the load.
    ///
    /// ```
    /// # fn example(channel: rgrpc::Channel) {
    /// use rgrpc::{Code, service_config::RetryPolicy};
    ///
    /// let channel = channel.retry_idempotent(RetryPolicy::new(3, [Code::Unavailable]));
    /// # }
    /// ```
    #[must_use]
    pub fn retry_idempotent(self, policy: RetryPolicy) -> Self {
        self.set(|settings| settings.retry_idempotent = Some(Arc::new(policy)))
    }

    /// Enables or disables the retries and hedging of the service config. Default: enabled.
    ///
    /// [Transparent retries](Channel#transparent-retries) cannot be disabled.
    #[must_use]
    pub fn retries(self, enabled: bool) -> Self {
        self.set(|settings| settings.retries_disabled = !enabled)
    }
}
