//! Reads the load balancing policy: the first one of a list that is known here. Source: gRFC A21, A48, A50, A62, A68.

use std::time::Duration;

use super::{
    misspelling,
    object::{Findings, Located, Object, Place},
};
use crate::{FailurePercentage, LoadBalancing, OutlierDetection, RandomSubsetting, SuccessRate};

const POLICIES: [&str; 5] = [
    "pick_first",
    "round_robin",
    "least_request_experimental",
    "outlier_detection_experimental",
    "random_subsetting_experimental",
];

/// Reads `loadBalancingConfig`, or the deprecated `loadBalancingPolicy` if that is missing.
pub(super) fn read(root: &Object<'_>, findings: &mut Findings) -> Option<LoadBalancing> {
    let (config, policy) = (root.get("loadBalancingConfig"), root.get("loadBalancingPolicy"));
    if let Some(config) = config {
        return first_known(&config, findings);
    }
    let policy = policy?;
    match policy.string(findings)?.to_ascii_lowercase().as_str() {
        "pick_first" => Some(LoadBalancing::PickFirst { shuffle: false }),
        "round_robin" => Some(LoadBalancing::RoundRobin),
        "unspecified" => None,
        other => unknown(policy.place(), &[other], findings),
    }
}

/// "Clients will iterate through the list in order and stop at the first policy that they support."
fn first_known(value: &Located<'_>, findings: &mut Findings) -> Option<LoadBalancing> {
    let mut unsupported = Vec::new();
    for entry in value.array(findings)? {
        let entry = entry.object(findings)?;
        let names: Vec<_> = entry.names().collect();
        if names.len() != 1 {
            findings.problem(entry.place(), format!("expected one policy, found {}", names.len()));
            return None;
        }
        // A48 uses the names without `_experimental` in prose, and so do configs.
        for name in POLICIES.into_iter().chain(["least_request", "outlier_detection", "random_subsetting"]) {
            if let Some(config) = entry.get(name) {
                return config.object(findings).and_then(|config| policy(name, &config, findings));
            }
        }
        unsupported.extend(names);
    }
    unknown(value.place(), &unsupported, findings)
}

fn unknown<T>(place: &Place, names: &[&str], findings: &mut Findings) -> Option<T> {
    let meant = names.iter().find_map(|name| POLICIES.iter().find(|policy| misspelling::is_misspelling(name, policy)));
    let problem = match meant {
        Some(policy) => format!("no known policy; did you mean `{policy}`?"),
        None => format!("no known policy among `{}`; known are `{}`", names.join("`, `"), POLICIES.join("`, `")),
    };
    findings.problem(place, if names.is_empty() { "expected at least one policy".to_owned() } else { problem });
    None
}

fn policy(name: &str, object: &Object<'_>, findings: &mut Findings) -> Option<LoadBalancing> {
    let policy = match name {
        "pick_first" => LoadBalancing::PickFirst {
            shuffle: object.optional("shuffleAddressList", findings, Located::boolean).unwrap_or_default(),
        },
        "round_robin" => LoadBalancing::RoundRobin,
        "least_request" | "least_request_experimental" => {
            let choices = object.optional("choiceCount", findings, |value, findings| {
                value
                    .uint32(findings)
                    .filter(|count| *count >= 2)
                    .or_else(|| value.expected("an integer of 2 or more", findings))
            });
            LoadBalancing::LeastRequest { choices: choices.unwrap_or(2).min(10) }
        }
        "random_subsetting" | "random_subsetting_experimental" => {
            LoadBalancing::RandomSubsetting(Box::new(subsetting(object, findings)?))
        }
        _ => LoadBalancing::OutlierDetection(Box::new(outliers(object, findings))),
    };
    object.finish(findings);
    Some(policy)
}

fn subsetting(object: &Object<'_>, findings: &mut Findings) -> Option<RandomSubsetting> {
    let subset_size = object.required("subsetSize", findings, |value, findings| {
        value.uint32(findings).filter(|size| *size > 0).or_else(|| value.expected("an integer of 1 or more", findings))
    });
    let child = object.required("childPolicy", findings, first_known);
    Some(RandomSubsetting { subset_size: subset_size?, child: child? })
}

fn outliers(object: &Object<'_>, findings: &mut Findings) -> OutlierDetection {
    let default = OutlierDetection::default();
    let duration =
        |name, or: Duration, findings: &mut Findings| object.optional(name, findings, Located::duration).unwrap_or(or);
    let base_ejection_time = duration("baseEjectionTime", default.base_ejection_time, findings);
    OutlierDetection {
        interval: duration("interval", default.interval, findings),
        base_ejection_time,
        max_ejection_time: duration("maxEjectionTime", default.max_ejection_time, findings).max(base_ejection_time),
        max_ejection_percent: object
            .optional("maxEjectionPercent", findings, Located::percentage)
            .unwrap_or(default.max_ejection_percent),
        success_rate: object
            .optional("successRateEjection", findings, Located::object)
            .map(|object| success_rate(&object, findings)),
        failure_percentage: object
            .optional("failurePercentageEjection", findings, Located::object)
            .map(|object| failure_percentage(&object, findings)),
        child: object.get("childPolicy").and_then(|value| first_known(&value, findings)).unwrap_or(default.child),
    }
}

fn success_rate(object: &Object<'_>, findings: &mut Findings) -> SuccessRate {
    let default = SuccessRate::default();
    let read = SuccessRate {
        stdev_factor: object.optional("stdevFactor", findings, Located::uint32).unwrap_or(default.stdev_factor),
        enforcement_percentage: object
            .optional("enforcementPercentage", findings, Located::percentage)
            .unwrap_or(default.enforcement_percentage),
        minimum_hosts: object.optional("minimumHosts", findings, Located::uint32).unwrap_or(default.minimum_hosts),
        request_volume: object.optional("requestVolume", findings, Located::uint32).unwrap_or(default.request_volume),
    };
    object.finish(findings);
    read
}

fn failure_percentage(object: &Object<'_>, findings: &mut Findings) -> FailurePercentage {
    let default = FailurePercentage::default();
    let read = FailurePercentage {
        threshold: object.optional("threshold", findings, Located::percentage).unwrap_or(default.threshold),
        enforcement_percentage: object
            .optional("enforcementPercentage", findings, Located::percentage)
            .unwrap_or(default.enforcement_percentage),
        minimum_hosts: object.optional("minimumHosts", findings, Located::uint32).unwrap_or(default.minimum_hosts),
        request_volume: object.optional("requestVolume", findings, Located::uint32).unwrap_or(default.request_volume),
    };
    object.finish(findings);
    read
}
