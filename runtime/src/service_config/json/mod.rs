//! Takes the JSON of a service config; gives the config, or everything that is wrong with it.

mod balancing;
mod nearby;
mod object;
mod policy;
mod scalar;

use super::{InvalidServiceConfig, MethodConfig, Problem, ServiceConfig};
use object::{At, Found, Object};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// Whose rules a config is held to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// gRFC A2, A6 and A21.
    Grpc,
    /// Those of the generators of GAPIC clients, which let more pass.
    Gapic,
}

pub(super) fn read(json: &str, rules: Rules) -> Result<ServiceConfig, InvalidServiceConfig> {
    let root: Value = serde_json::from_str(json)
        .map_err(|error| InvalidServiceConfig::new(vec![Problem::new("", format!("not JSON: {error}"))]))?;
    let mut found = Found::default();
    let config = At::root(&root).object(&mut found).map(|root| config(&root, rules, &mut found)).unwrap_or_default();
    if found.problems.is_empty() {
        Ok(ServiceConfig { ignored: found.ignored, ..config })
    } else {
        Err(InvalidServiceConfig::new(found.problems))
    }
}

fn config(root: &Object<'_>, rules: Rules, found: &mut Found) -> ServiceConfig {
    let load_balancing = balancing::read(root, found);
    let methods = methods(root, rules, found);
    let retry_throttling = root.optional("retryThrottling", found, At::object).map(|at| policy::throttling(&at, found));
    let health_check = root.optional("healthCheckConfig", found, At::object).and_then(|at| {
        let service = at.optional("serviceName", found, At::text).map(str::to_owned);
        at.finish(found);
        service
    });
    root.finish(found);
    ServiceConfig {
        methods,
        retry_throttling: retry_throttling.flatten(),
        load_balancing,
        health_check,
        ignored: vec![],
    }
}

fn methods(root: &Object<'_>, rules: Rules, found: &mut Found) -> BTreeMap<String, Arc<MethodConfig>> {
    let mut methods = BTreeMap::new();
    let mut firsts = BTreeMap::new();
    for entry in root.optional("methodConfig", found, At::list).unwrap_or_default() {
        let Some(entry) = entry.object(found) else { continue };
        let names = names(&entry, rules, &mut firsts, found);
        let config = Arc::new(method(&entry, rules, found));
        methods.extend(names.into_iter().map(|path| (path, config.clone())));
    }
    methods
}

/// "Each name entry must be unique across the entire `ServiceConfig`."
fn names(entry: &Object<'_>, rules: Rules, firsts: &mut BTreeMap<String, String>, found: &mut Found) -> Vec<String> {
    let mut paths = Vec::new();
    for at in entry.optional("name", found, At::list).unwrap_or_default() {
        let Some(name) = at.object(found) else { continue };
        let service = name.optional("service", found, At::text).unwrap_or_default();
        let method = name.optional("method", found, At::text).unwrap_or_default();
        name.finish(found);
        let path = match (service, method) {
            ("", "") => String::new(),
            ("", _) => {
                found.problem(at.path(), "a `method` needs the `service` that it belongs to");
                continue;
            }
            (service, method) => format!("/{service}/{method}"),
        };
        if let Some(first) = firsts.get(&path) {
            let message = format!("{} is named twice, first at {first}", described(service, method));
            match rules {
                Rules::Grpc => found.problem(at.path(), message),
                Rules::Gapic => found.ignored(at.path(), message),
            }
        } else {
            firsts.insert(path.clone(), at.path().to_owned());
            paths.push(path);
        }
    }
    paths
}

fn described(service: &str, method: &str) -> String {
    match (service, method) {
        ("", _) => "the default for all methods".to_owned(),
        (service, "") => format!("service `{service}`"),
        (service, method) => format!("method `{service}/{method}`"),
    }
}

fn method(entry: &Object<'_>, rules: Rules, found: &mut Found) -> MethodConfig {
    let config = MethodConfig {
        wait_for_ready: entry.optional("waitForReady", found, At::boolean),
        timeout: entry.optional("timeout", found, At::duration),
        max_request_message_bytes: entry.optional("maxRequestMessageBytes", found, At::size),
        max_response_message_bytes: entry.optional("maxResponseMessageBytes", found, At::size),
        policy: policy::read(entry, rules, found),
    };
    entry.finish(found);
    config
}
