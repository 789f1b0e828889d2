//! Turns the panic of a handler into a status for the caller, and reports it to the operator.

use std::any::Any;
use std::sync::Arc;

use tonic::Status;

use crate::MethodDescriptor;
use crate::unwind::{catch, message, quietly};

/// The panic of a handler, or of its stream of responses, as [`ServiceServer::on_panic`](crate::ServiceServer::on_panic) reports it.
#[derive(Debug, Clone, Copy)]
pub struct HandlerPanic<'a> {
    method: Option<&'static MethodDescriptor>,
    payload: &'a (dyn Any + Send),
}

impl<'a> HandlerPanic<'a> {
    /// The method that was called; `None` if the service has no such method, so that an interceptor panicked.
    #[must_use]
    pub fn method(&self) -> Option<&'static MethodDescriptor> {
        self.method
    }

    /// The panic's message; empty if it was not text. The caller does not get it.
    #[must_use]
    pub fn message(&self) -> &'a str {
        message(self.payload)
    }
}

pub(super) type Hook = Arc<dyn Fn(HandlerPanic<'_>) + Send + Sync>;

/// Catches the panics of one call.
#[derive(Clone, Default)]
pub(crate) struct Catch {
    pub(super) method: Option<&'static MethodDescriptor>,
    pub(super) hook: Option<Hook>,
}

impl Catch {
    /// Calls `run`, and gives `UNKNOWN`, the code that statuscodes.md has for an exception in a handler, if it panics.
    ///
    /// A future that panicked is not run again.
    pub(super) fn run<T>(&self, run: impl FnOnce() -> T) -> Result<T, Status> {
        catch(run, |payload| {
            let panic = HandlerPanic { method: self.method, payload };
            // In the span of the call.
            #[cfg(any(feature = "_http2", feature = "tracing"))]
            tracing::error!(
                method = self.method.map(MethodDescriptor::path),
                message = panic.message(),
                "a handler panicked, or an interceptor of its service"
            );
            if let Some(hook) = &self.hook {
                // A hook that panics has had its say.
                quietly(|| hook(panic));
            }
            panicked()
        })
    }
}

/// The status of a call that ends by a panic.
pub(crate) fn panicked() -> Status {
    Status::unknown("the handler of the call panicked")
}
