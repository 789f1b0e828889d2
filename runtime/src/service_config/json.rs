//! Reads a service config from JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use rgrpc_service_config::{Config, Hedging, Method, Policy, Retry, Rules};
use tonic::Code;

use super::{CallPolicy, HedgingPolicy, InvalidServiceConfig, MethodConfig, RetryPolicy, ServiceConfig};

impl ServiceConfig {
    /// Parses the JSON of a service config.
    ///
    /// Unknown fields are ignored, as gRFC A21 requires; [`ServiceConfig::ignored`] lists those that look misspelt.
    ///
    /// # Errors
    ///
    /// If it is not JSON, or violates gRFC A2, A6 or A21. The error lists all problems with their paths in the JSON:
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
        read(json, Rules::Grpc)
    }

    /// Parses a `*_grpc_service_config.json`, as googleapis publishes them for GAPIC clients.
    ///
    /// These files may break three rules of gRPC:
    ///
    /// - A retry policy may have no `maxAttempts`, so that only the timeout ends its attempts. Here it counts as 5, the maximum of gRFC A6.
    /// - `retryableStatusCodes` may be empty: nothing is retried.
    /// - A name may occur twice. The first one counts; [`ServiceConfig::ignored`] lists the others.
    ///
    /// # Errors
    ///
    /// As [`ServiceConfig::from_json`], except for these rules.
    pub fn from_gapic_json(json: &str) -> Result<Self, InvalidServiceConfig> {
        read(json, Rules::Gapic)
    }
}

impl std::str::FromStr for ServiceConfig {
    type Err = InvalidServiceConfig;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        Self::from_json(json)
    }
}

fn read(json: &str, rules: Rules) -> Result<ServiceConfig, InvalidServiceConfig> {
    let Config { methods: entries, retry_throttling, load_balancing, health_check, ignored } =
        rgrpc_service_config::read(json, rules)?;
    let mut methods = BTreeMap::new();
    for entry in entries {
        let config = Arc::new(method(entry.method));
        methods.extend(entry.names.iter().map(|name| (name.method_path(), config.clone())));
    }
    Ok(ServiceConfig { methods, retry_throttling, load_balancing, health_check, ignored })
}

fn method(method: Method) -> MethodConfig {
    let Method { wait_for_ready, timeout, max_request_message_bytes, max_response_message_bytes, policy } = method;
    let policy = policy.map(self::policy);
    MethodConfig { wait_for_ready, timeout, max_request_message_bytes, max_response_message_bytes, policy }
}

fn policy(policy: Policy) -> CallPolicy {
    let codes = |codes: Vec<i32>| codes.into_iter().map(Code::from_i32).collect();
    match policy {
        Policy::Retry(Retry { max_attempts, initial_backoff, max_backoff, backoff_multiplier, retryable }) => {
            let retryable = codes(retryable);
            CallPolicy::Retry(RetryPolicy { max_attempts, initial_backoff, max_backoff, backoff_multiplier, retryable })
        }
        Policy::Hedge(Hedging { max_attempts, delay, non_fatal }) => {
            CallPolicy::Hedge(HedgingPolicy { max_attempts, delay, non_fatal: codes(non_fatal) })
        }
    }
}
