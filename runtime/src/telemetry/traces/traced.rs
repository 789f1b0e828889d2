//! Observes a call for its span.

use tonic::Status;

use super::scope::Scope;
use super::span;
use crate::intercept::{Messages, Observe, Watch};
use crate::telemetry::side::Side;

/// A call with a span.
pub(super) struct Traced {
    pub(super) scope: Scope,
    pub(super) side: Side,
}

impl Observe for Traced {
    fn around<T>(&self, part: impl FnOnce() -> T) -> T {
        self.scope.enter(part)
    }

    fn end(self, status: &Status) {
        span::end(self.scope.span(), self.side, status);
    }

    /// On a server, the handler's stream of responses runs within the scope.
    fn follow(self, messages: &mut Messages, mut watch: Watch) {
        let Self { scope, side } = self;
        if let Side::Server = side {
            messages.run_within(scope.clone());
        }
        watch.on_end(Box::new(move |status| span::end(scope.span(), side, status)));
        messages.watch(watch);
    }
}
