//! Takes a call that has come in; runs it through the interceptors of its server, and the handler behind them.

use super::{Answer, Chain, Head, Parts, Told, Watch, chain::End};
use crate::{
    BoxFuture, Deadline,
    descriptor::Described,
    grpc::Came,
    in_process::Handle,
    server::{Bounds, Reply, ServerCall},
};
use http::Request;
use std::{
    future::ready,
    mem,
    sync::{Arc, Mutex, PoisonError},
};
use tonic::{Response, Status, metadata::MetadataMap};

/// Answers `call` by `handler`, inside of the interceptors.
pub(crate) async fn run(mut call: ServerCall, handler: Arc<dyn Handle>) -> Reply {
    let interceptors = call.settings().interceptors.clone();
    let bounds = call.bounds();
    let head = take_head(&mut call);
    match interceptors.run(head, Arc::new(Call { call: Mutex::new(Some(call)), handler })).await {
        Ok(mut answer) => {
            let on_sent = mem::take(&mut answer.get_mut().on_sent);
            answer_with(answer, bounds).telling(on_sent)
        }
        Err(status) => status.into(),
    }
}

/// The reply that `answer` is; what an interceptor has made has `bounds`.
pub(super) fn answer_with(answer: Answer, bounds: Bounds) -> Reply {
    let (metadata, messages, mut extensions) = answer.into_parts();
    let content = messages.into_content(&mut extensions, bounds);
    Response::from_parts(metadata, content, extensions).into()
}

/// A call for its handler, which takes the requests.
struct Call {
    call: Mutex<Option<ServerCall>>,
    handler: Arc<dyn Handle>,
}

impl End for Call {
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
    Status::internal("an interceptor ran the call again, and a server reads requests once")
}

/// Tells `interceptors` of a call that ends with `status` before it comes through them.
pub(crate) fn refused<B>(interceptors: &Chain, mut request: Request<B>, described: Described, status: &Status) {
    if !interceptors.is_empty() {
        let deadline = Deadline::of_headers(request.headers());
        interceptors.refused(&head_of(&mut request, described, deadline), status);
    }
}

/// The head of a call, whose headers and extensions it takes.
pub(super) fn head_of<B>(request: &mut Request<B>, described: Described, deadline: Option<Deadline>) -> Head {
    let path = described.method.is_none().then(|| request.uri().path_and_query().cloned().map(Box::new)).flatten();
    let is_local = Came::of(request.extensions()) == Came::InProcess;
    let metadata = MetadataMap::from_headers(mem::take(request.headers_mut()));
    let mut head = Head::new(metadata, mem::take(request.extensions_mut()), described, deadline);
    (head.path, head.is_local) = (path, is_local);
    head
}

fn take_head(call: &mut ServerCall) -> Head {
    let (described, deadline) = (call.described(), call.0.deadline);
    let mut head = head_of(&mut call.0.request, described, deadline);
    head.is_local = call.0.came == Came::InProcess;
    head
}

fn put_head(call: &mut ServerCall, head: Head) {
    let Parts { metadata, extensions, deadline, told, .. } = head.into_parts();
    let Told { request, received, .. } = told;
    *call.0.request.headers_mut() = metadata.into_headers();
    *call.0.request.extensions_mut() = extensions;
    call.0.deadline = call.0.deadline.into_iter().chain(deadline).min();
    call.0.on_request = request;
    if !received.is_empty() {
        let watches = Watch::of_messages(received).into();
        *call.0.request.body_mut() = mem::take(call.0.request.body_mut()).watched_by(watches);
    }
}
