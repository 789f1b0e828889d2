//! Converts between OpenTelemetry's span contexts and the W3C trace context.

use std::str::FromStr;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tonic::metadata::AsciiMetadataValue;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::TraceContext;

/// The context of `span`; `None` if its subscriber does not use OpenTelemetry.
pub(super) fn context_of(span: &Span) -> Option<TraceContext> {
    if span.is_disabled() {
        return None;
    }
    let context = span.context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| TraceContext {
        trace_id: u128::from_be_bytes(span.trace_id().to_bytes()),
        span_id: u64::from_be_bytes(span.span_id().to_bytes()),
        flags: span.trace_flags().to_u8(),
        state: state(span.trace_state()),
    })
}

fn state(state: &TraceState) -> Option<AsciiMetadataValue> {
    if *state == TraceState::NONE {
        return None;
    }
    AsciiMetadataValue::try_from(state.header()).ok()
}

/// Makes `span` a child of a span in another service.
pub(super) fn set_parent(span: &Span, parent: &TraceContext) {
    if span.is_disabled() {
        return;
    }
    let text = parent.state.as_ref().and_then(|state| state.to_str().ok());
    // "If the vendor failed to parse tracestate, it MUST NOT propagate" it; the trace goes on.
    let state = text.and_then(|text| TraceState::from_str(text).ok()).unwrap_or_default();
    let parent = SpanContext::new(
        TraceId::from(parent.trace_id),
        SpanId::from(parent.span_id),
        TraceFlags::new(parent.flags),
        true,
        state,
    );
    // It fails if the subscriber has no such layer, and then there is no trace.
    let _ = span.set_parent(Context::new().with_remote_span_context(parent));
}
