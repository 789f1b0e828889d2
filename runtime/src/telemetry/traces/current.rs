//! The context of the current task, and of the calls that a future makes.

use std::future::Future;
use std::sync::Arc;

use super::{TraceContext, bridge, scope};

impl TraceContext {
    /// The context that a call made here would carry: that of the current span, where its subscriber traces by OpenTelemetry; otherwise
    /// that of the call that this task answers. `None` outside of both.
    #[must_use]
    pub fn current() -> Option<Self> {
        let of_span = bridge::context_of(&tracing::Span::current());
        of_span.or_else(|| scope::current().map(Arc::unwrap_or_clone))
    }

    /// Has the calls that `future` makes belong to this context, for a task that a handler spawns: a task inherits nothing by itself.
    ///
    /// Where the subscriber traces by OpenTelemetry, `tracing::Instrument` does it: `future.in_current_span()`.
    pub fn scope<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        scope::within(Some(Arc::new(self)), future)
    }
}
