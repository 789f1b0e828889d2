//! Spans of calls by OpenTelemetry's conventions.
//!
//! Sources: the [conventions for gRPC](https://opentelemetry.io/docs/specs/semconv/rpc/grpc/); for attempts,
//! [gRFC A72](https://github.com/grpc/proposal/blob/master/A72-open-telemetry-tracing.md). The fields `otel.*` are those of the crate
//! tracing-opentelemetry.

use tonic::{Code, Status};
use tracing::field::Empty;
use tracing::{Span, info_span, record_all};

use super::TraceContext;
use crate::intercept::{Head, Peer};
use crate::telemetry::side::Side;
use crate::telemetry::{conventions, target};

/// `user.v1.UserService/GetUser`
pub(super) fn name(head: &Head) -> &str {
    head.path().trim_start_matches('/')
}

/// The same name on a client, which always knows the method.
pub(super) fn method(head: &Head) -> &'static str {
    head.method().map_or("", |method| method.path().trim_start_matches('/'))
}

/// Makes the span of a client's call, a child of the current one.
pub(super) fn of_client(head: &Head) -> Span {
    let span = info_span!(
        "rpc.client",
        otel.name = name(head),
        otel.kind = "client",
        otel.status_code = Empty,
        otel.status_description = Empty,
        rpc.system.name = "grpc",
        rpc.method = name(head),
        rpc.response.status_code = Empty,
        "error.type" = Empty,
        server.address = Empty,
        server.port = Empty,
    );
    if let Some(target) = head.target().filter(|_| head.peer() != Some(Peer::InProcess)) {
        let (address, port) = target::server(target);
        record_all!(span, server.address = address, server.port = port);
    }
    span
}

/// Makes the span of a server's call, without a parent yet.
pub(super) fn of_server(head: &Head) -> Span {
    // Unknown methods share one name, because a client may send any.
    let (span_name, method) = head.method().map_or(("grpc", "_OTHER"), |_| (name(head), name(head)));
    let span = info_span!(
        parent: None,
        "rpc.server",
        otel.name = span_name,
        otel.kind = "server",
        otel.status_code = Empty,
        otel.status_description = Empty,
        rpc.system.name = "grpc",
        rpc.method = method,
        rpc.method_original = Empty,
        rpc.response.status_code = Empty,
        "error.type" = Empty,
        network.peer.address = Empty,
        network.peer.port = Empty,
        trace_id = Empty,
    );
    if head.method().is_none() {
        span.record("rpc.method_original", name(head));
    }
    if let Some(Peer::Tcp(peer)) = head.peer() {
        record_all!(span, network.peer.address = %peer.ip(), network.peer.port = peer.port());
    }
    span
}

/// Records the trace id in `span`, and so on each log line within it.
pub(super) fn record_trace_id(span: &Span, context: &TraceContext) {
    record_all!(span, trace_id = format_args!("{:032x}", context.trace_id()));
}

/// Records the final status of a call in its `span`.
pub(super) fn end(span: &Span, side: Side, status: &Status) {
    let code = conventions::name(status.code());
    if !is_error(side, status.code()) {
        record_all!(span, rpc.response.status_code = code);
        return;
    }
    record_all!(
        span,
        rpc.response.status_code = code,
        "error.type" = code,
        otel.status_code = "ERROR",
        otel.status_description = status.message(),
    );
}

/// Whether a code is an error of the span: on a client, every code but OK; on a server, an error of the server.
fn is_error(side: Side, code: Code) -> bool {
    match side {
        Side::Client => code != Code::Ok,
        Side::Server => conventions::is_server_error(code),
    }
}
