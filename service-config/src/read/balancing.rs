//! Reads the policy that spreads calls over servers: the first one of a list that exists here. Source: gRFC A21, A48, A50, A62, A68.

use std::time::Duration;

use super::{
    nearby,
    object::{At, Found, Object, Place},
};
use crate::{FailurePercentage, LoadBalancing, OutlierDetection, RandomSubsetting, SuccessRate};

const POLICIES: [&str; 5] = [
    "pick_first",
    "round_robin",
    "least_request_experimental",
    "outlier_detection_experimental",
    "random_subsetting_experimental",
];

/// `loadBalancingConfig`, or the deprecated `loadBalancingPolicy` where that is missing.
pub(super) fn read(root: &Object<'_>, found: &mut Found) -> Option<LoadBalancing> {
    let (config, policy) = (root.get("loadBalancingConfig"), root.get("loadBalancingPolicy"));
    if let Some(config) = config {
        return list(&config, found);
    }
    let policy = policy?;
    match policy.text(found)?.to_ascii_lowercase().as_str() {
        "pick_first" => Some(LoadBalancing::PickFirst { shuffle: false }),
        "round_robin" => Some(LoadBalancing::RoundRobin),
        "unspecified" => None,
        other => unknown(policy.place(), &[other], found),
    }
}

/// "Clients will iterate through the list in order and stop at the first policy that they support."
fn list(at: &At<'_>, found: &mut Found) -> Option<LoadBalancing> {
    let mut unsupported = Vec::new();
    for entry in at.list(found)? {
        let entry = entry.object(found)?;
        let names: Vec<_> = entry.names().collect();
        if names.len() != 1 {
            found.problem(entry.place(), format!("expected one policy, found {}", names.len()));
            return None;
        }
        // A48 calls it so in prose, and so do configs.
        for name in POLICIES.into_iter().chain(["least_request", "outlier_detection", "random_subsetting"]) {
            if let Some(config) = entry.get(name) {
                return config.object(found).and_then(|config| policy(name, &config, found));
            }
        }
        unsupported.extend(names);
    }
    unknown(at.place(), &unsupported, found)
}

fn unknown<T>(place: &Place, names: &[&str], found: &mut Found) -> Option<T> {
    let meant = names.iter().find_map(|name| POLICIES.iter().find(|policy| nearby::is_near(name, policy)));
    let problem = match meant {
        Some(policy) => format!("no known policy; did you mean `{policy}`?"),
        None => format!("no known policy among `{}`; there are `{}`", names.join("`, `"), POLICIES.join("`, `")),
    };
    found.problem(place, if names.is_empty() { "the list is empty".to_owned() } else { problem });
    None
}

fn policy(name: &str, at: &Object<'_>, found: &mut Found) -> Option<LoadBalancing> {
    let policy = match name {
        "pick_first" => LoadBalancing::PickFirst {
            shuffle: at.optional("shuffleAddressList", found, At::boolean).unwrap_or_default(),
        },
        "round_robin" => LoadBalancing::RoundRobin,
        "least_request" | "least_request_experimental" => {
            let choices = at.optional("choiceCount", found, |at, found| {
                at.uint32(found).filter(|count| *count >= 2).or_else(|| at.expected("an integer of 2 or more", found))
            });
            LoadBalancing::LeastRequest { choices: choices.unwrap_or(2).min(10) }
        }
        "random_subsetting" | "random_subsetting_experimental" => {
            LoadBalancing::RandomSubsetting(Box::new(subsetting(at, found)?))
        }
        _ => LoadBalancing::OutlierDetection(Box::new(outliers(at, found))),
    };
    at.finish(found);
    Some(policy)
}

fn subsetting(at: &Object<'_>, found: &mut Found) -> Option<RandomSubsetting> {
    let subset_size = at.required("subsetSize", found, |at, found| {
        at.uint32(found).filter(|size| *size > 0).or_else(|| at.expected("an integer of 1 or more", found))
    });
    let child = at.required("childPolicy", found, list);
    Some(RandomSubsetting { subset_size: subset_size?, child: child? })
}

fn outliers(at: &Object<'_>, found: &mut Found) -> OutlierDetection {
    let default = OutlierDetection::default();
    let duration = |name, or: Duration, found: &mut Found| at.optional(name, found, At::duration).unwrap_or(or);
    let base_ejection_time = duration("baseEjectionTime", default.base_ejection_time, found);
    OutlierDetection {
        interval: duration("interval", default.interval, found),
        base_ejection_time,
        max_ejection_time: duration("maxEjectionTime", default.max_ejection_time, found).max(base_ejection_time),
        max_ejection_percent: at
            .optional("maxEjectionPercent", found, At::percentage)
            .unwrap_or(default.max_ejection_percent),
        success_rate: at.optional("successRateEjection", found, At::object).map(|at| success_rate(&at, found)),
        failure_percentage: at
            .optional("failurePercentageEjection", found, At::object)
            .map(|at| failure_percentage(&at, found)),
        child: at.get("childPolicy").and_then(|at| list(&at, found)).unwrap_or(default.child),
    }
}

fn success_rate(at: &Object<'_>, found: &mut Found) -> SuccessRate {
    let default = SuccessRate::default();
    let read = SuccessRate {
        stdev_factor: at.optional("stdevFactor", found, At::uint32).unwrap_or(default.stdev_factor),
        enforcement_percentage: at
            .optional("enforcementPercentage", found, At::percentage)
            .unwrap_or(default.enforcement_percentage),
        minimum_hosts: at.optional("minimumHosts", found, At::uint32).unwrap_or(default.minimum_hosts),
        request_volume: at.optional("requestVolume", found, At::uint32).unwrap_or(default.request_volume),
    };
    at.finish(found);
    read
}

fn failure_percentage(at: &Object<'_>, found: &mut Found) -> FailurePercentage {
    let default = FailurePercentage::default();
    let read = FailurePercentage {
        threshold: at.optional("threshold", found, At::percentage).unwrap_or(default.threshold),
        enforcement_percentage: at
            .optional("enforcementPercentage", found, At::percentage)
            .unwrap_or(default.enforcement_percentage),
        minimum_hosts: at.optional("minimumHosts", found, At::uint32).unwrap_or(default.minimum_hosts),
        request_volume: at.optional("requestVolume", found, At::uint32).unwrap_or(default.request_volume),
    };
    at.finish(found);
    read
}
