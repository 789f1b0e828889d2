//! Runs a server's call through its interceptors, and then through its handler.

use std::future::ready;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use http::Request;
use tonic::metadata::MetadataMap;
use tonic::{Response, Status};

use super::next::End;
use super::{Answer, Chain, Head, Observers, Parts, Watch};
use crate::descriptor::CallDescriptor;
use crate::grpc::Arrival;
use crate::in_process::CallHandler;
use crate::server::{Bounds, ServerCall, ServerResponse, UserCode};
use crate::{BoxFuture, Deadline};

/// Runs `call` through the interceptors, and then through `handler`.
pub(crate) async fn run(mut call: ServerCall, handler: Arc<dyn CallHandler>) -> ServerResponse {
    let interceptors = call.settings().interceptors.clone();
    let bounds = call.bounds(UserCode::Interceptor);
    let head = take_head(&mut call);
    match interceptors.run(head, Arc::new(HandlerCall { call: Mutex::new(Some(call)), handler })).await {
        Ok(mut answer) => {
            let on_sent = mem::take(&mut answer.get_mut().on_sent);
            answer_with(answer, bounds).telling(on_sent)
        }
        Err(status) => status.into(),
    }
}

/// The response of `answer`, with `bounds` for messages of an interceptor.
pub(super) fn answer_with(answer: Answer, bounds: Bounds) -> ServerResponse {
    let (metadata, messages, mut extensions) = answer.into_parts();
    let content = messages.into_content(&mut extensions, bounds);
    Response::from_parts(metadata, content, extensions).into()
}

/// A call for its handler, which consumes the requests.
struct HandlerCall {
    call: Mutex<Option<ServerCall>>,
    handler: Arc<dyn CallHandler>,
}

impl End for HandlerCall {
    fn run(self: Arc<Self>, head: Head) -> BoxFuture<'static, Result<Answer, Status>> {
        let Some(mut call) = self.call.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return Box::pin(ready(Err(ran_before())));
        };
        put_head(&mut call, head);
        self.handler.clone().handle(call)
    }

    fn can_run_again(&self) -> bool {
        self.call.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

pub(super) fn ran_before() -> Status {
    Status::internal("an interceptor ran the call again, but a server reads its requests only once")
}

/// Reports a call to `interceptors` that was refused with `status` before it reached them.
pub(crate) fn refused<B>(interceptors: &Chain, mut request: Request<B>, descriptor: CallDescriptor, status: &Status) {
    if !interceptors.is_empty() {
        let deadline = Deadline::of_headers(request.headers());
        interceptors.refused(&head_of(&mut request, descriptor, deadline), status);
    }
}

/// Makes the head of a call from the headers and extensions of its request.
pub(super) fn head_of<B>(request: &mut Request<B>, descriptor: CallDescriptor, deadline: Option<Deadline>) -> Head {
    let path = descriptor.method.is_none().then(|| request.uri().path_and_query().cloned().map(Box::new)).flatten();
    let is_local = Arrival::of(request.extensions()) == Arrival::InProcess;
    let metadata = MetadataMap::from_headers(mem::take(request.headers_mut()));
    let mut head = Head::new(metadata, mem::take(request.extensions_mut()), descriptor, deadline);
    (head.path, head.is_local) = (path, is_local);
    head
}

fn take_head(call: &mut ServerCall) -> Head {
    let (descriptor, deadline) = (call.descriptor(), call.0.deadline);
    let mut head = head_of(&mut call.0.request, descriptor, deadline);
    head.is_local = call.0.arrival == Arrival::InProcess;
    head
}

fn put_head(call: &mut ServerCall, head: Head) {
    let Parts { metadata, extensions, deadline, observers, .. } = head.into_parts();
    let Observers { request, received, .. } = observers;
    *call.0.request.headers_mut() = metadata.into_headers();
    *call.0.request.extensions_mut() = extensions;
    call.0.deadline = call.0.deadline.into_iter().chain(deadline).min();
    call.0.on_request = request;
    if !received.is_empty() {
        let watches = Watch::of_messages(received).into();
        *call.0.request.body_mut() = mem::take(call.0.request.body_mut()).watched_by(watches);
    }
}
