//! Spans of calls with a subscriber that uses OpenTelemetry, and the context that calls carry with any other.
#![cfg(all(feature = "tracing-opentelemetry", feature = "balance", feature = "health", feature = "serve"))]

#[path = "../support/mod.rs"]
mod support;

mod attempts;
mod context;
mod logs;
mod passing;
mod refused;
mod spans;
mod world;
