//! Spans of attempts, for calls that a policy may send more than once.

use tracing::field::Empty;
use tracing::{Span, info_span};

use super::{bridge, span};
use crate::intercept::{Attempt, Cause};
use crate::telemetry::side::Side;

/// The metadata with the number of earlier attempts (gRFC A6).
const PREVIOUS_ATTEMPTS: &str = "grpc-previous-rpc-attempts";

/// Returns an observer that starts a span for each attempt, a child of the span of its `call`.
pub(super) fn observer(call: Span, method: &'static str) -> impl Fn(&mut Attempt) + Send + Sync + 'static {
    move |attempt| {
        let previous = attempt.metadata.get(PREVIOUS_ATTEMPTS).and_then(|count| count.to_str().ok()?.parse().ok());
        let span = info_span!(
            parent: &call,
            "rpc.attempt",
            otel.name = format_args!("Attempt.{method}"),
            otel.kind = "client",
            otel.status_code = Empty,
            otel.status_description = Empty,
            rpc.system.name = "grpc",
            rpc.method = method,
            rpc.response.status_code = Empty,
            "error.type" = Empty,
            "previous-rpc-attempts" = previous.unwrap_or(0_u64),
            "transparent-retry" = attempt.cause() == Cause::TransparentRetry,
        );
        if let Some(context) = bridge::context_of(&span) {
            context.insert_into(&mut attempt.metadata);
        }
        attempt.on_end(move |status| span::end(&span, Side::Client, status));
    }
}
