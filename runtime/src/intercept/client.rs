//! Runs a client's call through the interceptors of its channel.

use std::borrow::{Borrow, BorrowMut};
use std::future::ready;
use std::mem;
use std::sync::{Arc, LazyLock};

use tonic::{Response, Status};

use super::next::End;
use super::{Answer, Head, Messages};
use crate::client::call::{PreparedCall, send, single_response};
use crate::deadline::termination::Termination;
use crate::descriptor::CallDescriptor;
use crate::grpc::codec::Encoded;
use crate::streaming::Incoming;
use crate::{BoxFuture, Deadline, MethodKind};

/// Runs a call with one response.
pub(crate) fn one<T, F>(call: PreparedCall, read: F) -> BoxFuture<'static, Result<T, Status>>
where
    F: FnOnce(Response<Encoded>) -> Result<T, Status> + Send + 'static,
{
    let mut call = UniqueCall(Arc::new(call));
    Box::pin(async move {
        let link = call.0.requests.link();
        let outcome = match begin(call.borrow_mut()).await {
            Ok((head, mut termination)) => match termination.limit(call.run(head).as_mut()).await {
                Ok(Ok(answer)) => match one_of(answer) {
                    Ok(response) => Ok(response),
                    Err(responses) => {
                        termination.limit(Box::pin(single_response(*responses)).as_mut()).await.and_then(|read| read)
                    }
                },
                Ok(Err(status)) | Err(status) => Err(status),
            },
            Err(status) => Err(status),
        };
        if let Some(link) = link {
            link.end(&outcome);
        }
        read(outcome?)
    })
}

/// The one message of an answer, or else a stream.
fn one_of(answer: Answer) -> Result<Response<Encoded>, Box<Response<Incoming>>> {
    let (metadata, messages, extensions) = answer.into_parts();
    match messages.into_one() {
        Ok(message) => Ok(Response::from_parts(metadata, message.into(), extensions)),
        Err(messages) => Err(Box::new(Response::from_parts(metadata, *messages, extensions))),
    }
}

/// Runs a call with a stream of responses.
pub(crate) fn stream<T, F>(call: PreparedCall, read: F) -> BoxFuture<'static, Result<Response<T>, Status>>
where
    F: FnOnce(Incoming) -> T + Send + 'static,
{
    let mut call = UniqueCall(Arc::new(call));
    Box::pin(async move {
        let link = call.0.requests.link();
        let outcome = match begin(call.borrow_mut()).await {
            Ok((head, mut termination)) => match termination.limit(call.run(head).as_mut()).await {
                Ok(Ok(answer)) => return Ok(answer.map(|messages| read(messages.into_incoming(termination, link)))),
                Ok(Err(status)) | Err(status) => Err(status),
            },
            Err(status) => Err(status),
        };
        if let Some(link) = link {
            link.end(&outcome);
        }
        outcome
    })
}

type Outcome = Result<Answer, Status>;

/// Makes the head of the call; and the events that end it early, while interceptors run or answer it.
#[cfg_attr(not(feature = "balance"), allow(clippy::unused_async, reason = "only a balanced channel waits here"))]
async fn begin(call: &mut PreparedCall) -> Result<(Head, Termination), Status> {
    #[cfg(feature = "balance")]
    call.await_config().await?;
    call.settle()?;
    let termination = Termination::at(call.deadline).with_token(call.token.as_ref());
    Ok((take_head(call), termination))
}

/// Sends a call after its interceptors.
fn send_intercepted(call: impl BorrowMut<PreparedCall> + Send + 'static) -> BoxFuture<'static, Outcome> {
    match call.borrow().method.kind() {
        MethodKind::Unary | MethodKind::ClientStreaming => send::one(call, |response| {
            let (metadata, message, extensions) = response.into_parts();
            Ok(Response::from_parts(metadata, Messages::of_one(message.into_bytes()), extensions))
        }),
        MethodKind::ServerStreaming | MethodKind::BidiStreaming => send::stream(call, Messages::received),
    }
}

/// The call itself, which stays in one allocation from start to end.
impl End for PreparedCall {
    fn run(self: Arc<Self>, head: Head) -> BoxFuture<'static, Outcome> {
        // If no interceptor holds a `Next` to run the call again, nothing is copied.
        let sent = match UniqueCall::of(self) {
            Ok(mut unique) => {
                let call: &mut PreparedCall = unique.borrow_mut();
                call.replace_head(head).map(|()| send_intercepted(unique))
            }
            Err(shared) => shared.with_head(head).map(send_intercepted),
        };
        sent.unwrap_or_else(|status| Box::pin(ready(Err(status))))
    }

    fn can_run_again(&self) -> bool {
        self.requests.are_buffered()
    }
}

/// A call with a single owner.
struct UniqueCall(Arc<PreparedCall>);

impl UniqueCall {
    fn of(mut call: Arc<PreparedCall>) -> Result<Self, Arc<PreparedCall>> {
        if Arc::get_mut(&mut call).is_some() { Ok(Self(call)) } else { Err(call) }
    }

    /// Runs the call through the interceptors of its channel.
    fn run(self, head: Head) -> BoxFuture<'static, Outcome> {
        let interceptors = self.0.channel.settings().interceptors.clone();
        interceptors.run(head, self.0)
    }
}

impl Borrow<PreparedCall> for UniqueCall {
    fn borrow(&self) -> &PreparedCall {
        &self.0
    }
}

impl BorrowMut<PreparedCall> for UniqueCall {
    fn borrow_mut(&mut self) -> &mut PreparedCall {
        Arc::get_mut(&mut self.0).expect("the call has one owner")
    }
}

/// The name of a server in the same process.
static IN_PROCESS: LazyLock<Arc<str>> = LazyLock::new(|| "inproc:".into());

fn take_head(call: &mut PreparedCall) -> Head {
    call.extensions.remove::<Deadline>();
    let is_local = call.is_in_process();
    let settings = call.channel.settings();
    let target = settings.target.clone().or_else(|| is_local.then(|| IN_PROCESS.clone()));
    let descriptor = CallDescriptor { method: Some(call.method), service: settings.service };
    let (metadata, extensions) = (mem::take(&mut call.metadata), mem::take(&mut call.extensions));
    let mut head = Head::new(metadata, extensions, descriptor, call.deadline);
    (head.target, head.is_local) = (target, is_local);
    #[cfg(feature = "tracing")]
    {
        head.repeats = call.may_repeat();
    }
    head
}
