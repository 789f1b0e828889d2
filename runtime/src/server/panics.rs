//! Turns the panic of a user's code into a status for the caller, and reports it to the operator.

use std::any::Any;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use tonic::Status;

use crate::unwind::{catch, message, quietly};
use crate::{BoxFuture, MethodDescriptor};

/// The panic of a handler, of its stream of responses, or of an interceptor of its server, as
/// [`ServiceServer::on_panic`](crate::ServiceServer::on_panic) reports it.
#[derive(Debug, Clone, Copy)]
pub struct HandlerPanic<'a> {
    origin: PanicOrigin,
    method: Option<&'static MethodDescriptor>,
    payload: &'a (dyn Any + Send),
}

impl<'a> HandlerPanic<'a> {
    /// The code that panicked.
    #[must_use]
    pub fn origin(&self) -> PanicOrigin {
        self.origin
    }

    /// The method that was called; `None` if the service has no such method, in which case an interceptor panicked.
    #[must_use]
    pub fn method(&self) -> Option<&'static MethodDescriptor> {
        self.method
    }

    /// The panic's message; empty if the payload is not a string. The caller does not get it.
    #[must_use]
    pub fn message(&self) -> &'a str {
        message(self.payload)
    }
}

/// The code that panicked in a call, as [`HandlerPanic::origin`] returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PanicOrigin {
    /// A method of the service, or its stream of responses.
    Handler,
    /// An interceptor of the service or of the server, one of tonic's, or a stream that an interceptor made.
    Interceptor,
}

pub(super) type Hook = Arc<dyn Fn(HandlerPanic<'_>) + Send + Sync>;

/// The user's code that runs in a call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum UserCode {
    /// A method of the service, and its stream of responses.
    Handler,
    Interceptor,
    /// Any tower service inside an interceptor layer.
    Service,
}

impl UserCode {
    /// The status of a call that ended because this code panicked.
    pub(crate) fn panicked(self) -> Status {
        Status::unknown(match self {
            Self::Handler => "the handler of the call panicked",
            Self::Interceptor => "an interceptor of the call panicked",
            Self::Service => "the service of the call panicked",
        })
    }

    /// Its name for the hook; `None` for code whose panics are only logged.
    fn origin(self) -> Option<PanicOrigin> {
        match self {
            Self::Handler => Some(PanicOrigin::Handler),
            Self::Interceptor => Some(PanicOrigin::Interceptor),
            Self::Service => None,
        }
    }

    #[cfg(any(feature = "_http2", feature = "tracing"))]
    fn name(self) -> &'static str {
        match self {
            Self::Handler => "a handler",
            Self::Interceptor => "an interceptor",
            Self::Service => "a service inside an interceptor layer",
        }
    }
}

/// Catches the panics of one call.
#[derive(Clone)]
pub(crate) struct Catch {
    pub(super) code: UserCode,
    pub(super) method: Option<&'static MethodDescriptor>,
    pub(super) hook: Option<Hook>,
}

impl Catch {
    /// Catches the panics of `code` where nobody but the log is told of them.
    pub(crate) fn logged(code: UserCode, method: Option<&'static MethodDescriptor>) -> Self {
        Self { code, method, hook: None }
    }

    /// Calls `run`; if it panics, returns `UNKNOWN`, which statuscodes.md assigns to an exception in a handler.
    ///
    /// The caller must not poll a future again that has panicked.
    pub(super) fn run<T>(&self, run: impl FnOnce() -> T) -> Result<T, Status> {
        catch(run, |payload| {
            // Logged here, in the span of the call.
            #[cfg(any(feature = "_http2", feature = "tracing"))]
            tracing::error!(
                method = self.method.map(MethodDescriptor::path),
                message = message(payload),
                "{} panicked",
                self.code.name()
            );
            if let (Some(hook), Some(origin)) = (&self.hook, self.code.origin()) {
                // If the hook panics too, nobody is left to tell.
                quietly(|| hook(HandlerPanic { origin, method: self.method, payload }));
            }
            self.code.panicked()
        })
    }

    /// Awaits `future`; if it panics, returns the status that [`Self::run`] does.
    pub(crate) async fn around<T>(&self, mut future: BoxFuture<'static, T>) -> Result<T, Status> {
        let output = poll_fn(|cx| match self.run(|| future.as_mut().poll(cx)) {
            Ok(polled) => polled.map(Ok),
            Err(status) => Poll::Ready(Err(status)),
        })
        .await;
        // A future that has panicked may panic again when it is dropped.
        let _ = self.run(|| drop(future));
        output
    }
}
