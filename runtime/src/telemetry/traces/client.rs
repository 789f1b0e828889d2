//! The interceptor of clients: a span around each call, and its context in the metadata.

use std::sync::Arc;

use tonic::Status;

use super::scope::{self, Scope};
use super::traced::Traced;
use super::{attempt, bridge, span};
use crate::intercept::{Answer, Head, Intercept, Next};
use crate::telemetry::side::Side;

/// Traces the calls of a channel; [`client`](super::client) makes it.
pub(super) struct TracedClient;

impl Intercept for TracedClient {
    async fn intercept(&self, mut head: Head, next: Next) -> Result<Answer, Status> {
        let span = span::of_client(&head);
        let passed_on = || scope::current().map(Arc::unwrap_or_clone);
        let context = bridge::context_of(&span).or_else(passed_on);
        if let Some(context) = &context {
            context.insert_into(&mut head.metadata);
        }
        let attempts = head.repeats.then(|| attempt::observer(span.clone(), span::method(&head)));
        let mut running = next.run(head);
        if let Some(attempts) = attempts {
            running = running.on_attempt(attempts);
        }
        running.observed_by(Traced { scope: Scope::new(span, context), side: Side::Client }).await
    }
}
