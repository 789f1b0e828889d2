//! A process whose subscriber does not trace by OpenTelemetry: contexts pass through it as they come.

use tracing::Span;

use super::TraceContext;

pub(super) fn context_of(_: &Span) -> Option<TraceContext> {
    None
}

pub(super) fn set_parent(_: &Span, _: &TraceContext) {}
