//! The current trace context, and a scope for futures.

use std::future::Future;
use std::sync::Arc;

use super::{TraceContext, bridge, scope};

impl TraceContext {
    /// The context that a call made here would carry: that of the current span, if the subscriber uses OpenTelemetry, or else that of the call
    /// that this task handles; `None` without either.
    #[must_use]
    pub fn current() -> Option<Self> {
        let of_span = bridge::context_of(&tracing::Span::current());
        of_span.or_else(|| scope::current().map(Arc::unwrap_or_clone))
    }

    /// Lets the calls of `future` carry this context, for a task that a handler spawns: spawned tasks inherit nothing.
    ///
    /// If the subscriber uses OpenTelemetry, `future.in_current_span()` of `tracing::Instrument` is enough.
    pub fn scope<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        scope::within(Some(Arc::new(self)), future)
    }
}
