//! A stream of messages from the same process, with the limits and the end that it would have over HTTP.

use std::sync::PoisonError;
use std::task::{Context, Poll, ready};

use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use crate::grpc::codec::{Encoded, EncodedStream};
use crate::grpc::{self, check_received};
use crate::streaming::SyncMessageStream;

/// The messages of the other side, and their final status. The status of a success has the trailers.
pub(crate) struct Local {
    messages: SyncMessageStream<Encoded>,
    limit: Option<usize>,
    /// The status of a success, if the stream ended with one.
    success: Option<Status>,
}

impl Local {
    pub(crate) fn new(messages: EncodedStream, limit: Option<usize>) -> Self {
        Self { messages: messages.into(), limit, success: None }
    }

    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Encoded, Status>>> {
        let messages = self.messages.get_mut().unwrap_or_else(PoisonError::into_inner);
        Poll::Ready(match ready!(messages.as_mut().poll_next(cx)) {
            Some(Ok(message)) => Some(check_received(message.len(), self.limit).map(|()| message)),
            Some(Err(status)) if status.code() == Code::Ok => {
                self.success = Some(status);
                None
            }
            Some(Err(status)) => Some(Err(grpc::received(&status))),
            None => None,
        })
    }

    /// The trailers of a success.
    pub(crate) fn trailers(&mut self) -> MetadataMap {
        let success = self.success.take().unwrap_or_else(|| Status::ok(""));
        MetadataMap::from_headers(grpc::trailers(&success))
    }
}
