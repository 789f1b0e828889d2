//! Reads the messages of the other side: over HTTP, through tonic, or within this process.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tonic::Status;
use tonic::metadata::MetadataMap;

use crate::grpc::codec::Encoded;
use crate::grpc::{MessageBuf, MessageReader};
use crate::in_process::Local;

/// The ways by which messages arrive.
#[allow(clippy::large_enum_variant, reason = "it is in a box already")]
pub(super) enum IncomingSource {
    /// By a call that tonic has sent.
    ByTonic(tonic::Streaming<Bytes>),
    ByHttp(MessageReader),
    Requests(Local),
    Responses(Local),
}

/// A message that has arrived.
pub(super) enum IncomingMessage {
    /// [`IncomingSource::message`] returns it until the next poll.
    InPlace,
    Encoded(Encoded),
}

impl IncomingMessage {
    /// The length of the message, which arrived by `source`.
    pub(super) fn len_in(&self, source: &IncomingSource) -> usize {
        match self {
            Self::InPlace => source.message().len(),
            Self::Encoded(message) => message.len(),
        }
    }
}

impl IncomingSource {
    #[inline]
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<IncomingMessage, Status>>> {
        let found = |message: Option<Result<(), _>>| message.map(|message| message.map(|()| IncomingMessage::InPlace));
        match self {
            Self::ByHttp(messages) => messages.poll_next(cx).map(found),
            Self::Requests(messages) | Self::Responses(messages) => {
                messages.poll_next(cx).map(|message| message.map(|message| message.map(IncomingMessage::Encoded)))
            }
            Self::ByTonic(messages) => Pin::new(messages)
                .poll_next(cx)
                .map(|message| message.map(|message| message.map(|message| IncomingMessage::Encoded(message.into())))),
        }
    }

    /// The current message, if it is in place; an empty one otherwise.
    #[inline]
    pub(super) fn message(&self) -> MessageBuf<'_> {
        match self {
            Self::ByHttp(messages) => messages.message(),
            Self::ByTonic(_) | Self::Requests(_) | Self::Responses(_) => MessageBuf::default(),
        }
    }

    /// The trailers, after the last message.
    pub(super) fn poll_trailers(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<MetadataMap>, Status>> {
        match self {
            Self::ByTonic(messages) => pin!(messages.trailers()).poll(cx),
            Self::ByHttp(messages) => Poll::Ready(Ok(messages.take_trailers().map(MetadataMap::from_headers))),
            Self::Responses(messages) => Poll::Ready(Ok(Some(messages.trailers()))),
            Self::Requests(_) => Poll::Ready(Ok(None)),
        }
    }
}
