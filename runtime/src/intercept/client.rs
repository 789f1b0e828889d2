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

/// The one response of `call`.
pub(crate) async fn one(call: PreparedCall) -> Result<Response<Encoded>, Status> {
    let send = |start| call::one(start, |response| Ok(response.map(|message| Messages::of_one(message.into_bytes()))));
    let link = call.requests.link();
    let outcome = match run(call, send).await {
        Ok((answer, cutoff)) => only(answer, cutoff).await,
        Err(status) => Err(status),
    };
    if let Some(link) = link {
        link.end(&outcome);
    }
    outcome
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

/// The responses of `call`.
pub(crate) async fn stream(call: PreparedCall) -> Result<Response<Incoming>, Status> {
    let send = |start| call::stream(start, Messages::received);
    let link = call.requests.link();
    match run(call, send).await {
        Ok((answer, cutoff)) => Ok(answer.map(|messages| messages.into_incoming(cutoff, link))),
        Err(status) => {
            let outcome = Err(status);
            if let Some(link) = link {
                link.end(&outcome);
            }
            outcome
        }
    }
}

type Outcome = Result<Answer, Status>;

/// The answer, and what ends the call while an interceptor's own messages come.
async fn run(
    mut call: PreparedCall,
    send: fn(PreparedCall) -> BoxFuture<'static, Outcome>,
) -> Result<(Answer, Cutoff), Status> {
    #[cfg(feature = "balance")]
    call.await_config().await?;
    call.settle()?;
    let interceptors = call.channel.settings().interceptors.clone();
    let mut cutoff = Cutoff::at(call.deadline).or_by(call.token.as_ref());
    let head = take_head(&mut call);
    let mut running = interceptors.run(head, Arc::new(Call { start: call, send }));
    let answer = cutoff.limit(running.as_mut()).await.and_then(|outcome| outcome)?;
    Ok((answer, cutoff))
}

/// A call to be sent.
struct Call {
    start: PreparedCall,
    send: fn(PreparedCall) -> BoxFuture<'static, Outcome>,
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
    let (metadata, extensions) = (mem::take(&mut call.metadata), mem::take(&mut call.extensions));
    Head {
        metadata,
        extensions,
        target,
        is_local,
        #[cfg(feature = "tracing")]
        repeats: call.repeats(),
        ..Head::new(described, call.deadline)
    }
}
