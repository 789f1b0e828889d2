//! The four kinds of methods, by the types of their handlers.

use std::sync::Arc;

use prost::Message;
use tokio_stream::StreamExt;
use tonic::{Request, Response, Status};

use super::script::CallRecord;
use crate::server::{ServerCall, ServerResponse};
use crate::{BoxFuture, Streaming};

/// The handler of one method.
pub type Handler<A, T> = Arc<dyn Fn(Request<A>) -> BoxFuture<'static, Result<Response<T>, Status>> + Send + Sync>;

/// The argument of a handler that returns a `T`. Either is one message, or a stream of messages.
pub trait Shape<T>: Received {
    /// Answers `call` with `handler`.
    fn answer(call: ServerCall, record: CallRecord, handler: Handler<Self, T>) -> BoxFuture<'static, ServerResponse>;
}

/// One message, or a stream of messages.
pub trait Received: Sized + Send + 'static {
    /// The type of each message.
    type Message: Message + Default;

    /// Records each message as it is read.
    #[must_use]
    fn recorded(self, record: CallRecord) -> Self;

    /// Reads the remaining messages.
    fn read(self) -> BoxFuture<'static, Result<(), Status>>;
}

impl<Q: Message + Default + 'static> Received for Q {
    type Message = Q;

    fn recorded(self, record: CallRecord) -> Self {
        record.message(&self);
        self
    }

    fn read(self) -> BoxFuture<'static, Result<(), Status>> {
        Box::pin(async { Ok(()) })
    }
}

impl<Q: Message + Default + 'static> Received for Streaming<Q> {
    type Message = Q;

    fn recorded(self, record: CallRecord) -> Self {
        Self::from_results(self.map(move |message| message.inspect(|message| record.message(message))))
    }

    fn read(mut self) -> BoxFuture<'static, Result<(), Status>> {
        Box::pin(async move {
            while self.message().await?.is_some() {}
            Ok(())
        })
    }
}

/// Records the metadata of a request, and its messages as they are read.
fn recorded<A: Received>(request: Request<A>, record: CallRecord) -> Request<A> {
    record.metadata(request.metadata());
    request.map(|received| received.recorded(record))
}

macro_rules! shape {
    ($received:ty, $answer:ty, $kind:ident) => {
        impl<Q: Message + Default + 'static, R: Message + Default + 'static> Shape<$answer> for $received {
            fn answer(
                call: ServerCall,
                record: CallRecord,
                handler: Handler<Self, $answer>,
            ) -> BoxFuture<'static, ServerResponse> {
                Box::pin(call.$kind(move |request: Request<$received>| handler(recorded(request, record))))
            }
        }
    };
}

shape!(Q, R, unary);
shape!(Q, Streaming<R>, server_streaming);
shape!(Streaming<Q>, R, client_streaming);
shape!(Streaming<Q>, Streaming<R>, bidi_streaming);
