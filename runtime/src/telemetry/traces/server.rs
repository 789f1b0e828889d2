//! The interceptor of servers: a span around each call, which continues the caller's trace.

use tonic::Status;

use super::scope::Scope;
use super::traced::Traced;
use super::{TraceContext, bridge, span};
use crate::intercept::{Answer, Head, Intercept, Next};
use crate::telemetry::side::Side;

/// Traces the calls of a server; [`server`](super::server) makes it.
pub(super) struct TracedServer;

impl Intercept for TracedServer {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        if is_probe(&head) {
            return next.run(head).await;
        }
        let scope = begin(&head);
        next.run(head).observed_by(Traced { scope, side: Side::Server }).await
    }

    fn refused(&self, head: &Head, status: &Status) {
        if !is_probe(head) {
            span::end(begin(head).span(), Side::Server, status);
        }
    }
}

/// Whether the call is a health check. Probes come every few seconds, and watches stay open.
fn is_probe(head: &Head) -> bool {
    head.path().starts_with("/grpc.health.v1.Health/")
}

/// Makes the scope of a call, whose span continues the caller's trace.
fn begin(head: &Head) -> Scope {
    let span = span::of_server(head);
    let caller = TraceContext::of(&head.metadata);
    if let Some(caller) = &caller {
        bridge::set_parent(&span, caller);
    }
    let known = bridge::context_of(&span);
    if let Some(context) = known.as_ref().or(caller.as_ref()) {
        span::record_trace_id(&span, context);
    }
    Scope::new(span, caller.filter(|_| known.is_none()))
}
