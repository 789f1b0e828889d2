//! Filters lines and spans as the user asks, and keeps out those that libraries make for every frame.

use tracing_subscriber::filter::{LevelFilter, Targets};

use super::SetupError;

/// Those that have spans and lines of their own for every connection, request and frame: 433 spans instead of 6 for a call over three
/// services.
const LIBRARIES: [&str; 6] = ["h2", "hyper", "hyper_util", "rustls", "tonic", "tower"];

/// The lines to log: `directives`, and of libraries that it does not name warnings only.
pub(super) fn lines(directives: &str) -> Result<Targets, SetupError> {
    let wanted: Targets = directives
        .parse()
        .map_err(|error| SetupError::new(format!("cannot filter log lines by `{directives}`"), error))?;
    let level = wanted.default_level().unwrap_or(LevelFilter::OFF);
    let quiet = LIBRARIES.map(|library| (library, level.min(LevelFilter::WARN)));
    Ok(Targets::new().with_default(level).with_targets(quiet).with_targets(wanted.iter()))
}

/// The spans to trace, and the lines within them.
#[cfg(feature = "otlp")]
pub(super) fn spans() -> Targets {
    let none = LIBRARIES.map(|library| (library, LevelFilter::OFF));
    Targets::new().with_default(LevelFilter::INFO).with_targets(none)
}
