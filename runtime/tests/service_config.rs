//! Parsing of service configs: the settings of valid ones, and the problems of invalid ones. Source: gRFC A2, A6, A21, A48, A50.
#![cfg(feature = "retry")]

use std::fs;
use std::time::Duration;

use rgrpc::service_config::{
    CallPolicy, HedgingPolicy, LoadBalancing, MethodConfig, RandomSubsetting, RetryPolicy, RetryThrottling,
    ServiceConfig,
};
use rgrpc::{Code, MethodDescriptor};

const GET: MethodDescriptor = MethodDescriptor::unary("/user.v1.UserService/GetUser");
const LIST: MethodDescriptor = MethodDescriptor::server_streaming("/user.v1.UserService/ListUsers");
const OTHER: MethodDescriptor = MethodDescriptor::unary("/order.v1.OrderService/GetOrder");

fn check(json: &str, problems: &[&str]) {
    let found = match ServiceConfig::from_json(json) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems().iter().map(ToString::to_string).collect(),
    };
    assert_eq!(found, problems, "{json}");
}

fn method(fields: &str) -> String {
    format!(r#"{{"methodConfig": [{{"name": [{{}}], {fields}}}]}}"#)
}

fn retry(change: &str, to: &str) -> String {
    let policy = r#""maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]"#;
    assert!(policy.contains(change));
    method(&format!(r#""retryPolicy": {{{}}}"#, policy.replace(change, to)))
}

fn timeout(config: &ServiceConfig, method: &MethodDescriptor) -> Option<u64> {
    config.method(method).and_then(MethodConfig::timeout).map(|timeout| timeout.as_secs())
}

#[test]
fn method_beats_service_beats_default() {
    let config = ServiceConfig::from_json(
        r#"{"methodConfig": [
            {"name": [{}], "timeout": "1s"},
            {"name": [{"service": "user.v1.UserService"}], "timeout": "2s"},
            {"name": [{"service": "user.v1.UserService", "method": "GetUser"}], "timeout": "3s"}
        ]}"#,
    )
    .unwrap();
    assert_eq!([&GET, &LIST, &OTHER].map(|method| timeout(&config, method)), [Some(3), Some(2), Some(1)]);
}

#[test]
fn nothing_is_merged_between_the_levels() {
    let config = ServiceConfig::from_json(
        r#"{"methodConfig": [
            {"name": [{}], "timeout": "1s"},
            {"name": [{"service": "user.v1.UserService", "method": "GetUser"}], "waitForReady": true}
        ]}"#,
    )
    .unwrap();
    assert_eq!(config.method(&GET), Some(&MethodConfig::new().with_wait_for_ready(true)));
}

#[test]
fn empty_null_and_missing_names_are_the_same() {
    for name in ["{}", r#"{"service": null}"#, r#"{"service": "", "method": ""}"#] {
        let config =
            ServiceConfig::from_json(&format!(r#"{{"methodConfig": [{{"name": [{name}], "timeout": "1s"}}]}}"#));
        assert_eq!(timeout(&config.unwrap(), &OTHER), Some(1), "{name}");
    }
}

#[test]
fn a_config_without_names_is_skipped() {
    let config = ServiceConfig::from_json(r#"{"methodConfig": [{"timeout": "1s"}, {"name": [], "timeout": "1s"}]}"#);
    assert_eq!(config.unwrap(), ServiceConfig::new());
}

#[test]
fn unknown_fields_are_ignored() {
    check(
        r#"{"unknown": 1, "methodConfig": [{"name": [{"service": "a", "x": 1}], "unknown": {}}], "other": null}"#,
        &[],
    );
}

#[test]
fn a_misspelt_field_that_is_ignored_is_pointed_out() {
    let config = ServiceConfig::from_json(&method(r#""timeOut": "1s", "wait_for_ready": true, "weight": 1"#)).unwrap();
    let ignored: Vec<_> = config.ignored().iter().map(ToString::to_string).collect();
    assert_eq!(
        ignored,
        [
            ".methodConfig[0].timeOut: unknown field, ignored; did you mean `timeout`?",
            ".methodConfig[0].wait_for_ready: unknown field, ignored; did you mean `waitForReady`?",
        ]
    );
}

#[test]
fn a_duplicate_name_is_refused() {
    check(
        r#"{"methodConfig": [{"name": [{"service": "a", "method": "b"}]}, {"name": [{"service": "c"}, {"service": "a", "method": "b"}]}]}"#,
        &[".methodConfig[1].name[1]: method `a/b` is named twice, first at .methodConfig[0].name[0]"],
    );
    check(
        r#"{"methodConfig": [{"name": [{}, {"service": ""}]}]}"#,
        &[".methodConfig[0].name[1]: the default for all methods is named twice, first at .methodConfig[0].name[0]"],
    );
}

#[test]
fn a_method_needs_its_service() {
    check(
        r#"{"methodConfig": [{"name": [{"method": "GetUser"}]}]}"#,
        &[".methodConfig[0].name[0]: a `method` needs the `service` that it belongs to"],
    );
}

#[test]
fn every_problem_is_named_at_once() {
    check(
        r#"{"methodConfig": [{"name": [{}], "timeout": 5, "waitForReady": "yes", "maxRequestMessageBytes": -1}], "retryThrottling": {}}"#,
        &[
            ".methodConfig[0].waitForReady: expected true or false, found \"yes\"",
            ".methodConfig[0].timeout: 5 is not a duration in seconds; did you mean \"5s\"?",
            ".methodConfig[0].maxRequestMessageBytes: expected an integer from 0 to 4294967295, found -1",
            ".retryThrottling.maxTokens: missing",
            ".retryThrottling.tokenRatio: missing",
        ],
    );
}

#[test]
fn invalid_json_is_refused_with_its_place() {
    let missing = "not JSON: expected a field name in double quotes, found the end at line 1 column 2";
    check("{", &[&format!(".: {missing}")]);
    check(r#"{"timeout": 1, "timeout": 2}"#, &[".timeout: duplicate field"]);
    check("[]", &[".: expected an object, found an array"]);
    check(r#"{"methodConfig": {}}"#, &[".methodConfig: expected an array, found an object"]);
    check(r#"{"methodConfig": [1]}"#, &[".methodConfig[0]: expected an object, found 1"]);
}

#[test]
fn durations_are_decimal_seconds() {
    for (text, nanoseconds) in [
        ("0s", 0),
        ("1s", 1_000_000_000),
        ("1.5s", 1_500_000_000),
        ("0.000000001s", 1),
        (".01s", 10_000_000),
        ("1.s", 1_000_000_000),
        ("+1s", 1_000_000_000),
        ("0.0000000019s", 1),
    ] {
        let config = ServiceConfig::from_json(&method(&format!(r#""timeout": "{text}""#))).unwrap();
        let timeout = config.method(&GET).and_then(MethodConfig::timeout);
        assert_eq!(timeout, Some(Duration::from_nanos(nanoseconds)), "{text}");
    }
    for (text, meant) in [
        (r#""100ms""#, "did you mean \"0.1s\"?"),
        (r#""1m""#, "did you mean \"60s\"?"),
        (r#""2 h""#, "did you mean \"7200s\"?"),
        ("1.5", "did you mean \"1.5s\"?"),
        (r#""3""#, "did you mean \"3s\"?"),
    ] {
        let problem = format!(".methodConfig[0].timeout: {text} is not a duration in seconds; {meant}");
        check(&method(&format!(r#""timeout": {text}"#)), &[&problem]);
    }
    for text in [r#""""#, r#""s""#, r#""-1s""#, r#""1e3s""#, r#"".s""#, r#""1_0s""#, r#""315576000001s""#, "{}"] {
        assert!(ServiceConfig::from_json(&method(&format!(r#""timeout": {text}"#))).is_err(), "{text}");
    }
}

#[test]
fn a_retry_policy_is_read() {
    let read = ServiceConfig::from_json(&retry("", "")).unwrap();
    let policy = RetryPolicy::new(4, [Code::Unavailable]);
    let policy = policy.with_backoff(Duration::from_millis(100), Duration::from_secs(1), 2.0);
    assert_eq!(read, ServiceConfig::new().for_all(MethodConfig::new().with_retries(policy)));
}

#[test]
fn an_invalid_policy_names_its_json_path() {
    let at = ".methodConfig[0].retryPolicy";
    let attempts = format!("{at}.maxAttempts: expected an integer greater than 1, found");
    check(&retry("4", "1"), &[&format!("{attempts} 1")]);
    check(&retry("4", "2.5"), &[&format!("{attempts} 2.5")]);
    check(&retry("4", "\"4\""), &[&format!("{attempts} \"4\"")]);
    check(&retry("\"maxAttempts\": 4,", ""), &[&format!("{at}.maxAttempts: missing")]);
    let misspelt = format!("{at}.maxAttempts: missing; `MaxAttempts` is an unknown field: did you mean `maxAttempts`?");
    check(&retry("maxAttempts", "MaxAttempts"), &[&misspelt]);
    check(&retry("0.1s", "0s"), &[&format!("{at}.initialBackoff: expected a duration greater than 0, found \"0s\"")]);
    check(&retry("\"maxBackoff\": \"1s\",", ""), &[&format!("{at}.maxBackoff: missing")]);
    let multiplier = format!("{at}.backoffMultiplier: expected a number greater than 0, found 0");
    check(&retry("\"backoffMultiplier\": 2", "\"backoffMultiplier\": 0"), &[&multiplier]);
    let codes = format!("{at}.retryableStatusCodes");
    check(&retry("[\"UNAVAILABLE\"]", "[]"), &[&format!("{codes}: expected at least one status code")]);
    let code = format!("{codes}[0]: \"UNAVAILIBLE\" is not a status code; did you mean \"UNAVAILABLE\"?");
    check(&retry("UNAVAILABLE", "UNAVAILIBLE"), &[&code]);
    let code = format!("{codes}[1]: 17 is not a status code such as \"UNAVAILABLE\" or 14");
    check(&retry("\"UNAVAILABLE\"", "14, 17"), &[&code]);
    check(
        &method(r#""retryPolicy": null, "hedgingPolicy": {"maxAttempts": 1, "hedgingDelay": "soon"}"#),
        &[
            ".methodConfig[0].hedgingPolicy.maxAttempts: expected an integer greater than 1, found 1",
            ".methodConfig[0].hedgingPolicy.hedgingDelay: \"soon\" is not a duration such as \"0.1s\"",
        ],
    );
    check(
        &retry("4, ", "4, ").replace(r#""retryPolicy""#, r#""hedgingPolicy": {"maxAttempts": 2}, "retryPolicy""#),
        &[".methodConfig[0]: `retryPolicy` and `hedgingPolicy` cannot both be set; remove one of them"],
    );
}

#[test]
fn attempts_are_capped_at_five() {
    for json in [retry("4", "9"), retry("4", "99999999999")] {
        let config = ServiceConfig::from_json(&json).unwrap();
        let Some(CallPolicy::Retry(policy)) = config.method(&GET).unwrap().policy() else { panic!("no policy") };
        assert_eq!(policy.max_attempts(), 5);
    }
}

#[test]
fn status_codes_have_names_in_any_case_and_numbers() {
    let config = ServiceConfig::from_json(&retry("\"UNAVAILABLE\"", "\"unavailable\", 4, \"Data_Loss\"")).unwrap();
    let Some(CallPolicy::Retry(policy)) = config.method(&GET).unwrap().policy() else { panic!("no policy") };
    assert_eq!(policy.retryable(), [Code::Unavailable, Code::DeadlineExceeded, Code::DataLoss]);
}

#[test]
fn a_hedging_policy_is_read() {
    let hedging = r#""hedgingPolicy": {"maxAttempts": 4, "hedgingDelay": "0.5s", "nonFatalStatusCodes": ["INTERNAL"]}"#;
    let policy = HedgingPolicy::new(4, Duration::from_millis(500)).with_non_fatal([Code::Internal]);
    let expected = ServiceConfig::new().for_all(MethodConfig::new().with_hedging(policy));
    assert_eq!(ServiceConfig::from_json(&method(hedging)), Ok(expected));
}

#[test]
fn throttling_has_a_thousand_tokens_and_three_decimal_places() {
    let throttling = |max: &str, ratio: &str| {
        ServiceConfig::from_json(&format!(r#"{{"retryThrottling": {{"maxTokens": {max}, "tokenRatio": {ratio}}}}}"#))
    };
    for (ratio, thousandths) in [("0.1", 100), ("0.5466", 546), ("0.57", 570), ("1", 1000)] {
        let config = throttling("10", ratio).unwrap();
        assert_eq!(
            config.retry_throttling().map(RetryThrottling::token_ratio_thousandths),
            Some(thousandths),
            "{ratio}"
        );
    }
    for (max, ratio) in [("0", "0.1"), ("1001", "0.1"), ("1.5", "0.1"), ("10", "0"), ("10", "-1"), ("10", "\"1\"")] {
        assert!(throttling(max, ratio).is_err(), "{max} {ratio}");
    }
}

#[test]
fn the_first_policy_that_is_known_spreads_the_calls() {
    for (json, expected) in [
        (r#"[{"xds_experimental": {}}, {"round_robin": {}}, {"pick_first": {}}]"#, LoadBalancing::RoundRobin),
        (r#"[{"pick_first": {"shuffleAddressList": true}}]"#, LoadBalancing::PickFirst { shuffle: true }),
        (r#"[{"least_request_experimental": {"choiceCount": 99}}]"#, LoadBalancing::LeastRequest { choices: 10 }),
        (
            r#"[{"random_subsetting_experimental": {"subsetSize": 20, "childPolicy": [{"round_robin": {}}]}}]"#,
            LoadBalancing::RandomSubsetting(Box::new(RandomSubsetting {
                subset_size: 20,
                child: LoadBalancing::RoundRobin,
            })),
        ),
    ] {
        let config = ServiceConfig::from_json(&format!(r#"{{"loadBalancingConfig": {json}}}"#)).unwrap();
        assert_eq!(config.load_balancing(), Some(&expected), "{json}");
    }
    let config = ServiceConfig::from_json(r#"{"loadBalancingPolicy": "ROUND_ROBIN"}"#).unwrap();
    assert_eq!(config.load_balancing(), Some(&LoadBalancing::RoundRobin));
}

#[test]
fn a_list_without_a_known_policy_is_refused() {
    check(r#"{"loadBalancingConfig": []}"#, &[".loadBalancingConfig: expected at least one policy"]);
    check(
        r#"{"loadBalancingConfig": [{"roundRobin": {}}]}"#,
        &[".loadBalancingConfig: no known policy; did you mean `round_robin`?"],
    );
    check(
        r#"{"loadBalancingConfig": [{"ring": {}, "rang": {}}]}"#,
        &[".loadBalancingConfig[0]: expected one policy, found 2"],
    );
    check(
        r#"{"loadBalancingConfig": [{"least_request_experimental": {"choiceCount": 1}}]}"#,
        &[".loadBalancingConfig[0].least_request_experimental.choiceCount: expected an integer of 2 or more, found 1"],
    );
    check(
        r#"{"loadBalancingConfig": [{"outlier_detection_experimental": {"maxEjectionPercent": 101, "failurePercentageEjection": {"threshold": 101}, "childPolicy": [{"x": {}}]}}]}"#,
        &[
            ".loadBalancingConfig[0].outlier_detection_experimental.maxEjectionPercent: expected a percentage from 0 to 100, found 101",
            ".loadBalancingConfig[0].outlier_detection_experimental.failurePercentageEjection.threshold: expected a percentage from 0 to 100, found 101",
            ".loadBalancingConfig[0].outlier_detection_experimental.childPolicy: no known policy among `x`; known are `pick_first`, `round_robin`, `least_request_experimental`, `outlier_detection_experimental`, `random_subsetting_experimental`",
        ],
    );
    check(
        r#"{"loadBalancingConfig": [{"random_subsetting_experimental": {"subsetSize": 0}}]}"#,
        &[
            ".loadBalancingConfig[0].random_subsetting_experimental.subsetSize: expected an integer of 1 or more, found 0",
            ".loadBalancingConfig[0].random_subsetting_experimental.childPolicy: missing",
        ],
    );
}

#[test]
fn the_defaults_of_outlier_detection_are_those_of_a50() {
    let json = r#"{"loadBalancingConfig": [{"outlier_detection_experimental": {"baseEjectionTime": "400s", "successRateEjection": {}}}]}"#;
    let config = ServiceConfig::from_json(json).unwrap();
    let Some(LoadBalancing::OutlierDetection(outliers)) = config.load_balancing() else {
        panic!("no outlier detection")
    };
    assert_eq!(outliers.interval, Duration::from_secs(10));
    assert_eq!(outliers.max_ejection_time, Duration::from_secs(400));
    assert_eq!(outliers.max_ejection_percent, 10);
    assert_eq!(outliers.success_rate.map(|rate| rate.stdev_factor), Some(1900));
    assert_eq!(outliers.failure_percentage, None);
    assert_eq!(outliers.child, LoadBalancing::RoundRobin);
}

#[test]
fn an_empty_name_to_check_is_not_a_missing_one() {
    for (json, expected) in [
        (r#"{"healthCheckConfig": {"serviceName": "user.v1.UserService"}}"#, Some("user.v1.UserService")),
        (r#"{"healthCheckConfig": {"serviceName": ""}}"#, Some("")),
        (r#"{"healthCheckConfig": {}}"#, None),
    ] {
        assert_eq!(ServiceConfig::from_json(json).unwrap().health_check(), expected, "{json}");
    }
}

#[test]
fn configs_of_googleapis_are_read() {
    let mut read = 0;
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/service_configs")).unwrap() {
        let path = entry.unwrap().path();
        let json = fs::read_to_string(&path).unwrap();
        ServiceConfig::from_gapic_json(&json).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        read += 1;
    }
    assert_eq!(read, 6);
}

#[test]
fn only_gapic_leaves_out_attempts_and_codes_and_repeats_names() {
    let json = include_str!("service_configs/speech_grpc_service_config.json");
    assert!(ServiceConfig::from_json(json).is_err());
    let config = ServiceConfig::from_gapic_json(json).unwrap();
    let recognize = MethodDescriptor::unary("/google.cloud.speech.v1.Speech/Recognize");
    let Some(CallPolicy::Retry(policy)) = config.method(&recognize).unwrap().policy() else { panic!("no policy") };
    assert_eq!(policy.max_attempts(), 5);
    assert!(ServiceConfig::from_gapic_json(&retry("maxAttempts", "MaxAttempts")).is_err());
    ServiceConfig::from_gapic_json(&retry("\"UNAVAILABLE\"", "")).unwrap();
    let twice = r#"{"methodConfig": [{"name": [{}], "timeout": "1s"}, {"name": [{}], "timeout": "2s"}]}"#;
    let config = ServiceConfig::from_gapic_json(twice).unwrap();
    assert_eq!((timeout(&config, &GET), config.ignored().len()), (Some(1), 1));
}

#[test]
fn no_value_anywhere_breaks_the_reader() {
    let whole = serde_json::json!({
        "loadBalancingConfig": [{"outlier_detection_experimental": {
            "interval": "1s", "baseEjectionTime": "1s", "maxEjectionTime": "1s", "maxEjectionPercent": 1,
            "successRateEjection": {"stdevFactor": 1, "enforcementPercentage": 1, "minimumHosts": 1, "requestVolume": 1},
            "failurePercentageEjection": {"threshold": 1, "enforcementPercentage": 1, "minimumHosts": 1, "requestVolume": 1},
            "childPolicy": [{"least_request_experimental": {"choiceCount": 2}}]
        }}],
        "methodConfig": [
            {"name": [{"service": "a", "method": "b"}], "timeout": "1s", "waitForReady": true, "maxRequestMessageBytes": 1,
             "retryPolicy": {"maxAttempts": 2, "initialBackoff": "1s", "maxBackoff": "1s", "backoffMultiplier": 1.5,
                             "retryableStatusCodes": [14]}},
            {"name": [{}], "hedgingPolicy": {"maxAttempts": 2, "hedgingDelay": "1s", "nonFatalStatusCodes": ["ABORTED"]}}
        ],
        "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
        "healthCheckConfig": {"serviceName": "a"}
    });
    assert!(ServiceConfig::from_json(&whole.to_string()).is_ok());
    let odd = serde_json::json!([
        null, true, -1, 0, 5, 1e308, 1e-320, u64::MAX, "", "s", ".s", "-0s", "9999999999999999999999s", "1e9s", "\u{fffd}", [], {}, [null],
        {"": null}
    ]);
    let mut tried = 0;
    for pointer in pointers(&whole, "") {
        for value in odd.as_array().unwrap() {
            let mut changed = whole.clone();
            *changed.pointer_mut(&pointer).unwrap() = value.clone();
            let _ = ServiceConfig::from_json(&changed.to_string());
            let _ = ServiceConfig::from_gapic_json(&changed.to_string());
            tried += 1;
        }
    }
    assert!(tried > 700, "{tried}");
}

/// Where every value in `value` is.
fn pointers(value: &serde_json::Value, at: &str) -> Vec<String> {
    let children: Vec<_> = match value {
        serde_json::Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        serde_json::Value::Array(items) => items.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    let below = children.into_iter().flat_map(|(name, value)| pointers(value, &format!("{at}/{name}")));
    std::iter::once(at.to_owned()).chain(below).collect()
}
