//! Puts a span around each attempt of a call that a policy may send more than once.

use tracing::field::Empty;
use tracing::{Span, info_span};

use super::{bridge, span};
use crate::intercept::{Attempt, Cause};
use crate::telemetry::side::Side;

/// The header by which servers are told of attempts (gRFC A6).
const PREVIOUS_ATTEMPTS: &str = "grpc-previous-rpc-attempts";

/// Begins a span, below that of its `call` of `method`, for each attempt that it is told of.
pub(super) fn each_of(call: Span, method: &'static str) -> impl Fn(&mut Attempt) + Send + Sync + 'static {
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
            context.put(&mut attempt.metadata);
        }
        attempt.on_end(move |status| span::end(&span, Side::Client, status));
    }
}
