//! Filters log lines and spans, and leaves out those of libraries.

use tracing_subscriber::filter::{LevelFilter, Targets};

use super::SetupError;

/// Libraries with spans and events for every connection, request and frame. With them, a call across three services has 433 spans instead of 6.
const LIBRARIES: [&str; 6] = ["h2", "hyper", "hyper_util", "rustls", "tonic", "tower"];

/// The filter of log lines: `directives`, and only warnings of libraries that they do not name.
pub(super) fn lines(directives: &str) -> Result<Targets, SetupError> {
    let wanted: Targets = directives
        .parse()
        .map_err(|error| SetupError::new(format!("`{directives}` is not a filter of log lines"), error))?;
    let level = wanted.default_level().unwrap_or(LevelFilter::OFF);
    let quiet = LIBRARIES.map(|library| (library, level.min(LevelFilter::WARN)));
    Ok(Targets::new().with_default(level).with_targets(quiet).with_targets(wanted.iter()))
}

/// The filter of spans and their events for the collector.
#[cfg(feature = "otlp")]
pub(super) fn spans() -> Targets {
    let none = LIBRARIES.map(|library| (library, LevelFilter::OFF));
    Targets::new().with_default(LevelFilter::INFO).with_targets(none)
}
