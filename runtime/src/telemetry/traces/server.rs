//! The interceptor of servers: a span around each call, below that of its caller, in which its handler and its responses run.

use super::{
    TraceContext, bridge,
    scope::{Scope, Scoped},
    span::{self, Side},
};
use crate::intercept::{Answer, Head, Intercept, Next};
use tonic::Status;

/// Traces the calls of a server; [`server`](super::server) makes it.
pub(super) struct Server;

impl Intercept for Server {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        // Probes come every few seconds, and watches stay open for ever.
        if head.path().starts_with("/grpc.health.v1.Health/") {
            return next.run(head).await;
        }
        let span = span::of_server(&head);
        let caller = TraceContext::of(&head.metadata);
        if let Some(caller) = &caller {
            bridge::set_parent(&span, caller);
        }
        let known = bridge::context_of(&span);
        if let Some(context) = known.as_ref().or(caller.as_ref()) {
            span::is_of(&span, context);
        }
        let context = caller.filter(|_| known.is_none());
        let ends = span.clone();
        let running = next.run(head).on_end(move |status| span::end(&ends, Side::Server, status));
        let scope = Scope::new(span, context);
        Ok(Scoped::new(running, scope.clone()).await?.map(|messages| messages.within(scope)))
    }
}
