//! Reads a service config from JSON, and collects everything that is wrong with it.

mod balancing;
mod misspelling;
mod object;
mod policy;
mod scalar;

use std::collections::BTreeMap;

use crate::{Config, Entry, InvalidServiceConfig, Method, Name, Rules, json, problem};
use object::{Findings, Located, Object, Place};

pub(crate) fn read(source: &str, rules: Rules) -> Result<Config, InvalidServiceConfig> {
    let mut findings = Findings::default();
    let config = match json::read(source) {
        Ok(root) => Located::root(&root).object(&mut findings).map(|root| config(&root, rules, &mut findings)),
        Err(error) => {
            findings
                .problem(&Place { path: String::new(), offset: error.offset }, format!("not JSON: {}", error.message));
            None
        }
    };
    problem::locate(source, &mut findings.problems);
    problem::locate(source, &mut findings.ignored);
    match config {
        Some(config) if findings.problems.is_empty() => Ok(Config { ignored: findings.ignored, ..config }),
        _ => Err(InvalidServiceConfig::new(findings.problems)),
    }
}

fn config(root: &Object<'_>, rules: Rules, findings: &mut Findings) -> Config {
    let load_balancing = balancing::read(root, findings);
    let methods = methods(root, rules, findings);
    let retry_throttling =
        root.optional("retryThrottling", findings, Located::object).map(|object| policy::throttling(&object, findings));
    let health_check = root.optional("healthCheckConfig", findings, Located::object).and_then(|object| {
        let service = object.optional("serviceName", findings, Located::string).map(str::to_owned);
        object.finish(findings);
        service
    });
    root.finish(findings);
    Config { methods, retry_throttling: retry_throttling.flatten(), load_balancing, health_check, ignored: vec![] }
}

fn methods(root: &Object<'_>, rules: Rules, findings: &mut Findings) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut firsts = BTreeMap::new();
    for entry in root.optional("methodConfig", findings, Located::array).unwrap_or_default() {
        let Some(entry) = entry.object(findings) else { continue };
        let names = names(&entry, rules, &mut firsts, findings);
        entries.push(Entry { names, method: method(&entry, rules, findings) });
    }
    entries
}

/// "Each name entry must be unique across the entire `ServiceConfig`."
fn names(
    entry: &Object<'_>,
    rules: Rules,
    firsts: &mut BTreeMap<String, String>,
    findings: &mut Findings,
) -> Vec<Name> {
    let mut names = Vec::new();
    for value in entry.optional("name", findings, Located::array).unwrap_or_default() {
        let Some(name) = value.object(findings) else { continue };
        let service = name.optional("service", findings, Located::string).unwrap_or_default();
        let method = name.optional("method", findings, Located::string).unwrap_or_default();
        name.finish(findings);
        if service.is_empty() && !method.is_empty() {
            findings.problem(value.place(), "a `method` needs the `service` that it belongs to");
            continue;
        }
        let Place { path, offset } = value.place().clone();
        let name = Name { service: service.to_owned(), method: method.to_owned(), path, offset };
        if let Some(first) = firsts.get(&name.method_path()) {
            let message = format!("{} is named twice, first at {first}", described(service, method));
            match rules {
                Rules::Grpc => findings.problem(value.place(), message),
                Rules::Gapic => findings.ignored(value.place(), message),
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

fn method(entry: &Object<'_>, rules: Rules, findings: &mut Findings) -> Method {
    let config = Method {
        wait_for_ready: entry.optional("waitForReady", findings, Located::boolean),
        timeout: entry.optional("timeout", findings, Located::duration),
        max_request_message_bytes: entry.optional("maxRequestMessageBytes", findings, Located::size),
        max_response_message_bytes: entry.optional("maxResponseMessageBytes", findings, Located::size),
        policy: policy::read(entry, rules, findings),
    };
    entry.finish(findings);
    config
}
