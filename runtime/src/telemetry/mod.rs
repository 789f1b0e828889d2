//! Telemetry: metrics, OpenTelemetry and traces of calls.

#[cfg(any(feature = "otel", feature = "tracing"))]
mod conventions;
#[cfg(feature = "metrics")]
pub mod metrics;
#[cfg(not(feature = "metrics"))]
#[path = "metrics/off.rs"]
pub(crate) mod metrics;
#[cfg(feature = "otel")]
pub mod otel;
#[cfg(any(feature = "metrics", feature = "tracing"))]
mod side;
#[cfg(any(feature = "otel", feature = "tracing"))]
mod target;
#[cfg(feature = "tracing")]
pub mod traces;
