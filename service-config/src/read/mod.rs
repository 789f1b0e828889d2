//! The JSON of a service config in, what it says or everything that is wrong with it out.

mod balancing;
mod nearby;
mod object;
mod policy;
mod scalar;

use std::collections::BTreeMap;

use crate::{Config, Entry, InvalidServiceConfig, Method, Name, Rules, json, problem};
use object::{At, Found, Object, Place};

pub(crate) fn read(source: &str, rules: Rules) -> Result<Config, InvalidServiceConfig> {
    let mut found = Found::default();
    let config = match json::read(source) {
        Ok(root) => At::root(&root).object(&mut found).map(|root| config(&root, rules, &mut found)),
        Err(error) => {
            found.problem(&Place { path: String::new(), at: error.at }, format!("not JSON: {}", error.message));
            None
        }
    };
    problem::locate(source, &mut found.problems);
    problem::locate(source, &mut found.ignored);
    match config {
        Some(config) if found.problems.is_empty() => Ok(Config { ignored: found.ignored, ..config }),
        _ => Err(InvalidServiceConfig::new(found.problems)),
    }
}

fn config(root: &Object<'_>, rules: Rules, found: &mut Found) -> Config {
    let load_balancing = balancing::read(root, found);
    let methods = methods(root, rules, found);
    let retry_throttling = root.optional("retryThrottling", found, At::object).map(|at| policy::throttling(&at, found));
    let health_check = root.optional("healthCheckConfig", found, At::object).and_then(|at| {
        let service = at.optional("serviceName", found, At::text).map(str::to_owned);
        at.finish(found);
        service
    });
    root.finish(found);
    Config { methods, retry_throttling: retry_throttling.flatten(), load_balancing, health_check, ignored: vec![] }
}

fn methods(root: &Object<'_>, rules: Rules, found: &mut Found) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut firsts = BTreeMap::new();
    for entry in root.optional("methodConfig", found, At::list).unwrap_or_default() {
        let Some(entry) = entry.object(found) else { continue };
        let names = names(&entry, rules, &mut firsts, found);
        entries.push(Entry { names, method: method(&entry, rules, found) });
    }
    entries
}

/// "Each name entry must be unique across the entire `ServiceConfig`."
fn names(entry: &Object<'_>, rules: Rules, firsts: &mut BTreeMap<String, String>, found: &mut Found) -> Vec<Name> {
    let mut names = Vec::new();
    for at in entry.optional("name", found, At::list).unwrap_or_default() {
        let Some(name) = at.object(found) else { continue };
        let service = name.optional("service", found, At::text).unwrap_or_default();
        let method = name.optional("method", found, At::text).unwrap_or_default();
        name.finish(found);
        if service.is_empty() && !method.is_empty() {
            found.problem(at.place(), "a `method` needs the `service` that it belongs to");
            continue;
        }
        let Place { path, at: bytes } = at.place().clone();
        let name = Name { service: service.to_owned(), method: method.to_owned(), path, at: bytes };
        if let Some(first) = firsts.get(&name.method_path()) {
            let message = format!("{} is named twice, first at {first}", described(service, method));
            match rules {
                Rules::Grpc => found.problem(at.place(), message),
                Rules::Gapic => found.ignored(at.place(), message),
            }
        } else {
            firsts.insert(name.method_path(), name.path.clone());
            names.push(name);
        }
    }
    names
}

fn described(service: &str, method: &str) -> String {
    match (service, method) {
        ("", _) => "the default for all methods".to_owned(),
        (service, "") => format!("service `{service}`"),
        (service, method) => format!("method `{service}/{method}`"),
    }
}

fn method(entry: &Object<'_>, rules: Rules, found: &mut Found) -> Method {
    let config = Method {
        wait_for_ready: entry.optional("waitForReady", found, At::boolean),
        timeout: entry.optional("timeout", found, At::duration),
        max_request_message_bytes: entry.optional("maxRequestMessageBytes", found, At::size),
        max_response_message_bytes: entry.optional("maxResponseMessageBytes", found, At::size),
        policy: policy::read(entry, rules, found),
    };
    entry.finish(found);
    config
}
