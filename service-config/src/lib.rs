//! A parser for gRPC's [service configs](https://github.com/grpc/grpc/blob/master/doc/service_config.md): timeouts, limits, retries,
//! hedging and load balancing, in JSON.
//!
//! [`read`] returns the settings, or everything that is wrong with them. The runtime of rgrpc applies them to calls, and its generator
//! checks those that it embeds in clients by the same rules.
//!
//! Source: gRFC A2, A6, A17, A21, A48, A50, A62, A68 and `grpc/service_config/service_config.proto`.

mod balancing;
mod config;
mod json;
mod problem;
mod read;
mod rules;
mod throttling;

pub use balancing::{FailurePercentage, LoadBalancing, OutlierDetection, RandomSubsetting, SuccessRate};
pub use config::{Config, Entry, Hedging, MAX_ATTEMPTS, Method, Name, Policy, Retry};
pub use problem::{InvalidServiceConfig, Problem, position};
pub use rules::Rules;
pub use throttling::RetryThrottling;

/// Parses the JSON of a service config.
///
/// Unknown fields are ignored, as gRFC A21 demands; [`Config::ignored`] lists those that look like a typo.
///
/// ```
/// use rgrpc_service_config::{Rules, read};
///
/// let json = r#"{"methodConfig": [{"name": [{}], "timeout": "100ms"}]}"#;
/// let error = read(json, Rules::Grpc).unwrap_err();
/// let problem = &error.problems()[0];
/// assert_eq!(problem.path(), ".methodConfig[0].timeout");
/// assert_eq!(problem.position(), (1, 34));
/// assert_eq!(problem.message(), r#""100ms" is not a duration in seconds; did you mean "0.1s"?"#);
/// ```
///
/// # Errors
///
/// Fails if the text is not JSON or breaks a rule. The error lists all problems.
pub fn read(json: &str, rules: Rules) -> Result<Config, InvalidServiceConfig> {
    read::read(json, rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &[(&str, (u32, u32))]) {
        let error = read(json, Rules::Grpc).unwrap_err();
        let found: Vec<_> = error.problems().iter().map(|problem| (problem.path(), problem.position())).collect();
        assert_eq!(found, expected, "{json}");
    }

    #[test]
    fn every_problem_has_its_position() {
        check("{\n  \"é\": 1,\n}", &[(".", (3, 1))]);
        check(
            "{\n  \"methodConfig\": [\n    {\"name\": 1, \"é\": 2, \"timeout\": 3}\n  ]\n}",
            &[(".methodConfig[0].name", (3, 6)), (".methodConfig[0].timeout", (3, 26))],
        );
        check("{\"retryThrottling\":\n {\"maxTokens\": 10}}", &[(".retryThrottling.tokenRatio", (1, 2))]);
        check("{\"healthCheckConfig\": {},\n\"healthCheckConfig\": {}}", &[(".healthCheckConfig", (2, 1))]);
        check("{\"methodConfig\": [{\"name\": [{},\n\t{}]}]}", &[(".methodConfig[0].name[1]", (2, 9))]);
    }
}
