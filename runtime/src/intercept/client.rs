//! Takes a call of a channel with interceptors; runs it through them.

use super::{Answer, Head, Messages, chain::End};
use crate::{
    BoxFuture, Deadline,
    client::call::{self, PreparedCall},
    deadline::termination::Cutoff,
    descriptor::Described,
    grpc::codec::Encoded,
    streaming::Incoming,
};
use std::{
    future::ready,
    mem,
    sync::{Arc, LazyLock},
};
use tonic::{Response, Status};

/// Reads the one response of `call`.
pub(crate) fn one<T, F>(mut call: PreparedCall, read: F) -> BoxFuture<'static, Result<T, Status>>
where
    F: FnOnce(Response<Encoded>) -> Result<T, Status> + Send + 'static,
{
    Box::pin(async move {
        let link = call.requests.link();
        let outcome = match begin(&mut call).await {
            Ok((head, mut cutoff)) => match cutoff.limit(run(call, head, send_one).as_mut()).await {
                Ok(Ok(answer)) => only(answer, cutoff).await,
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

async fn only(answer: Answer, mut cutoff: Cutoff) -> Result<Response<Encoded>, Status> {
    let (metadata, messages, extensions) = answer.into_parts();
    match messages.into_one() {
        Ok(message) => Ok(Response::from_parts(metadata, message.into(), extensions)),
        Err(messages) => {
            let mut only = Box::pin(call::only(Response::from_parts(metadata, *messages, extensions)));
            cutoff.limit(only.as_mut()).await?
        }
    }
}

/// Reads the responses of `call`.
pub(crate) fn stream<T, F>(mut call: PreparedCall, read: F) -> BoxFuture<'static, Result<Response<T>, Status>>
where
    F: FnOnce(Incoming) -> T + Send + 'static,
{
    Box::pin(async move {
        let link = call.requests.link();
        let outcome = match begin(&mut call).await {
            Ok((head, mut cutoff)) => match cutoff.limit(run(call, head, send_stream).as_mut()).await {
                Ok(Ok(answer)) => return Ok(answer.map(|messages| read(messages.into_incoming(cutoff, link)))),
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

/// Settles what interceptors find; and what ends the call while they run, and while their own messages come.
#[cfg_attr(not(feature = "balance"), allow(clippy::unused_async, reason = "only a balanced channel waits here"))]
async fn begin(call: &mut PreparedCall) -> Result<(Head, Cutoff), Status> {
    #[cfg(feature = "balance")]
    call.await_config().await?;
    call.settle()?;
    let cutoff = Cutoff::at(call.deadline).or_by(call.token.as_ref());
    Ok((take_head(call), cutoff))
}

fn run(start: PreparedCall, head: Head, send: Sender) -> BoxFuture<'static, Outcome> {
    let interceptors = start.channel.settings().interceptors.clone();
    interceptors.run(head, Arc::new(Call { start, send }))
}

/// Sends a call behind its interceptors.
type Sender = fn(PreparedCall) -> BoxFuture<'static, Outcome>;

fn send_one(call: PreparedCall) -> BoxFuture<'static, Outcome> {
    call::one(call, |response| Ok(response.map(|message| Messages::of_one(message.into_bytes()))))
}

fn send_stream(call: PreparedCall) -> BoxFuture<'static, Outcome> {
    call::stream(call, Messages::received)
}

/// A call to be sent.
struct Call {
    start: PreparedCall,
    send: Sender,
}

impl End for Call {
    fn run(self: Arc<Self>, head: Head) -> BoxFuture<'static, Outcome> {
        let send = self.send;
        // Where no interceptor has kept what runs the call again, nothing of it is copied.
        let start = match Arc::try_unwrap(self) {
            Ok(Self { mut start, .. }) => start.at_last(head).map(|()| start),
            Err(shared) => shared.start.again(head),
        };
        match start {
            Ok(start) => send(start),
            Err(status) => Box::pin(ready(Err(status))),
        }
    }

    fn can_run_again(&self) -> bool {
        self.start.requests.are_kept()
    }
}

/// The name of a server in the same process.
static IN_PROCESS: LazyLock<Arc<str>> = LazyLock::new(|| "inproc:".into());

fn take_head(call: &mut PreparedCall) -> Head {
    call.extensions.remove::<Deadline>();
    let in_process = || call.is_in_process().then(|| IN_PROCESS.clone());
    let target = call.channel.settings().target.clone().or_else(in_process);
    let is_local = call.is_in_process();
    let described = Described { method: Some(call.method), service: call.channel.settings().service };
    let mut head = Head::new(described, call.deadline);
    (head.metadata, head.extensions) = (mem::take(&mut call.metadata), mem::take(&mut call.extensions));
    (head.target, head.is_local) = (target, is_local);
    #[cfg(feature = "tracing")]
    {
        head.repeats = call.repeats();
    }
    head
}
