//! gRPC's service configs, from JSON or made in code: timeouts, limits, retries and hedging by method, load balancing, health checks.
//!
//! Source: gRFC A2, A6, A17, A21 and `grpc/service_config/service_config.proto`.

mod config;
mod current;
mod generated;
mod json;
mod method;
mod policy;

pub use config::ServiceConfig;
pub(crate) use current::{CurrentConfig, LoadedConfig, RetryTokens};
#[doc(hidden)]
pub use generated::GeneratedConfig;
pub(crate) use generated::GeneratedConfigs;
pub use method::MethodConfig;
pub use policy::{CallPolicy, HedgingPolicy, RetryPolicy};
pub use rgrpc_service_config::{
    FailurePercentage, InvalidServiceConfig, LoadBalancing, OutlierDetection, Problem, RandomSubsetting,
    RetryThrottling, SuccessRate,
};
