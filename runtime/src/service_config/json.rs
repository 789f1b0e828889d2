//! Takes what was read of a service config's JSON; gives the config with the types that programs use.

use super::{CallPolicy, HedgingPolicy, InvalidServiceConfig, MethodConfig, RetryPolicy, ServiceConfig};
use rgrpc_service_config::{Config, Hedging, Method, Policy, Retry, Rules};
use std::{collections::BTreeMap, sync::Arc};
use tonic::Code;

pub(super) fn read(json: &str, rules: Rules) -> Result<ServiceConfig, InvalidServiceConfig> {
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
