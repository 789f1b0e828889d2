//! Answers the calls of a service: refuses requests that are not gRPC's or come too late, then runs the interceptors and the method.

use std::future::ready;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;

use tonic::Status;

use super::call::ServerCall;
use super::panics::UserCode;
use super::request_body::RequestBody;
use super::response::ServerResponse;
use super::settings::ServerSettings;
use super::{Dispatch, refusal};
use crate::deadline::termination::deadline_exceeded;
use crate::descriptor::CallDescriptor;
use crate::in_process::{CallHandler, InProcessServer};
use crate::{BoxFuture, ServiceDescriptor, intercept};

/// An implementation of a service, and its settings.
pub(super) struct Served<T, D> {
    pub(super) service: Arc<T>,
    pub(super) settings: Arc<ServerSettings>,
    pub(super) dispatch: PhantomData<fn() -> D>,
}

impl<T: Send + Sync + 'static, D: Dispatch<T>> InProcessServer for Served<T, D> {
    fn answer(self: Arc<Self>, request: http::Request<RequestBody>) -> BoxFuture<'static, ServerResponse> {
        match accept(request, D::DESCRIPTOR, &self.settings) {
            Ok(call) if self.settings.interceptors.is_empty() => self.respond(call),
            Ok(call) => run_intercepted(call, self),
            Err(refused) => refused,
        }
    }

    #[cfg(feature = "serve")]
    fn refused(&self, request: http::Request<RequestBody>, status: &Status) {
        report(request, D::DESCRIPTOR, &self.settings, status);
    }

    #[cfg(feature = "serve")]
    fn intercepted_by(&self, interceptors: &intercept::Chain) -> Arc<dyn InProcessServer> {
        interceptors.describe(D::DESCRIPTOR);
        let mut settings = ServerSettings::clone(&self.settings);
        settings.interceptors = interceptors.around(&settings.interceptors);
        Arc::new(Self { service: self.service.clone(), settings: Arc::new(settings), dispatch: PhantomData })
    }
}

/// The call of `request`, or the future of the response that refuses it.
fn accept(
    request: http::Request<RequestBody>,
    service: &'static ServiceDescriptor,
    settings: &Arc<ServerSettings>,
) -> Result<ServerCall, BoxFuture<'static, ServerResponse>> {
    if let RequestBody::Body(_) = request.body()
        && let Some(refused) = refusal(&request)
    {
        report(request, service, settings, &refused.status);
        return Err(Box::pin(ready(http::Response::from(refused).into())));
    }
    let deadline = settings.deadline(request.headers());
    if deadline.is_some_and(|deadline| deadline.has_passed()) {
        let status = deadline_exceeded();
        report(request, service, settings, &status);
        return Err(Box::pin(ready(status.into())));
    }
    Ok(ServerCall::new(request, service, settings.clone(), deadline))
}

/// Reports a call that was refused with `status` to the interceptors.
fn report(
    request: http::Request<RequestBody>,
    service: &'static ServiceDescriptor,
    settings: &ServerSettings,
    status: &Status,
) {
    let descriptor = CallDescriptor { method: service.method_at(request.uri().path()), service: Some(service) };
    intercept::server::refused(&settings.interceptors, request, descriptor, status);
}

fn run_intercepted(call: ServerCall, handler: Arc<dyn CallHandler>) -> BoxFuture<'static, ServerResponse> {
    let bounds = call.bounds(UserCode::Interceptor);
    Box::pin(async move { bounds.hold(pin!(Some(intercept::server::run(call, handler)))).await })
}

impl<T: Send + Sync + 'static, D: Dispatch<T>> CallHandler for Served<T, D> {
    fn handle(self: Arc<Self>, call: ServerCall) -> BoxFuture<'static, Result<intercept::Answer, Status>> {
        Box::pin(async move {
            let response = call.bounds(UserCode::Handler).hold(pin!(Some(D::dispatch(&self.service, call)))).await;
            Ok(response.into_result()?.map(intercept::Messages::handled))
        })
    }
}

impl<T: Send + Sync + 'static, D: Dispatch<T>> Served<T, D> {
    /// Runs the handler. A function of its own, because `answer` would move the future into the box instead of making it there.
    fn respond(self: Arc<Self>, call: ServerCall) -> BoxFuture<'static, ServerResponse> {
        Box::pin(async move { call.bounds(UserCode::Handler).hold(pin!(Some(D::dispatch(&self.service, call)))).await })
    }
}
