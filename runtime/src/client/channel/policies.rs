//! Settings of a channel for calls that are made more than once, and for the service config that says so.

#[cfg(feature = "retry")]
use std::sync::Arc;

use super::Channel;
#[cfg(feature = "retry")]
use super::ConfigSource;
#[cfg(feature = "retry")]
use crate::service_config::{CurrentConfig, GeneratedConfig, RetryPolicy, ServiceConfig};

impl Channel {
    /// Keeps at most this many bytes of a stream of requests until the headers of its response arrive. A call that has sent more is not
    /// sent again, and hedging continues with one attempt (gRFC A6). One request is kept whatever its size. Default: 64 KiB less a byte.
    ///
    /// The limit holds for each call. gRFC A6 allows another for all calls of a channel together, which does not exist here: they keep at
    /// most this much times the number of calls that wait for headers. A limit on that number, such as
    #[cfg_attr(
        feature = "balance",
        doc = "[`Target::max_calls_per_server`](crate::balance::Target::max_calls_per_server),"
    )]
    #[cfg_attr(not(feature = "balance"), doc = "`Target::max_calls_per_server`,")]
    /// takes no call's retries away because of other calls.
    #[must_use]
    pub fn retry_buffer(self, bytes: usize) -> Self {
        self.set(|settings| settings.retry_buffer = Some(bytes))
    }
}

#[cfg(feature = "retry")]
impl Channel {
    /// Holds calls to a service config: timeouts, size limits, retries and hedging, by method. Default: gRPC's defaults.
    ///
    /// The calls of all clients of this channel share its retry throttling. How calls are spread over servers is up to
    /// [`Target::service_config`](crate::balance::Target::service_config), which does this too.
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

    /// Holds calls to the config that their client was generated with, where the channel's own says nothing of their method.
    #[doc(hidden)]
    #[must_use]
    pub fn generated_config(self, config: &'static GeneratedConfig) -> Self {
        let loaded = self.settings().generated_configs.load(config);
        self.set(|settings| settings.generated_config = Some(loaded))
    }

    /// Retries the calls of methods with the option `idempotency_level`, `NO_SIDE_EFFECTS` or `IDEMPOTENT`, where no service config has a
    /// policy for them. Default: does not.
    ///
    /// The schema promises that calling such a method again does no harm; whether the servers can bear it is up to the policy, and to the
    /// retry throttling of the service config.
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

    /// Allows or forbids making calls more than once, as the service config says. Default: allowed.
    ///
    /// A call that no server has processed is sent again all the same.
    #[must_use]
    pub fn retries(self, allowed: bool) -> Self {
        self.set(|settings| settings.never_repeats = !allowed)
    }
}
