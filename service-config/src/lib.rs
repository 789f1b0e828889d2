//! gRPC's [service config](https://github.com/grpc/grpc/blob/master/doc/service_config.md): its JSON in, what it says of each method or
//! everything that is wrong with it out.
//!
//! The runtime of rgrpc holds calls to what is read here, and its generator checks by the same rules what it ships with clients.
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
pub use config::{Config, Entry, Hedging, MOST_ATTEMPTS, Method, Name, Policy, Retry};
pub use problem::{InvalidServiceConfig, Problem, position};
pub use rules::Rules;
pub use throttling::RetryThrottling;

/// Reads the JSON of a service config.
///
/// Fields it does not know are ignored, as gRFC A21 demands; [`Config::ignored`] has those that look misspelt.
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
/// If it is not JSON, or breaks a rule. The error has every problem, with its place.
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
    fn every_problem_has_its_place() {
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
