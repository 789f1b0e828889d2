//! Stand-ins without OpenTelemetry: incoming contexts are passed on unchanged.

use tracing::Span;

use super::TraceContext;

pub(super) fn context_of(_: &Span) -> Option<TraceContext> {
    None
}

pub(super) fn set_parent(_: &Span, _: &TraceContext) {}
