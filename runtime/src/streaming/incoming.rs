//! Takes tonic's stream of received bytes; gives it an end at the deadline, and its only message where there must be one.

use crate::cutoff::Cutoff;
use bytes::Bytes;
use futures_core::Stream;
use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tonic::{Status, metadata::MetadataMap};

/// The encoded messages that the other side sends. After an error it is empty, and the call is cancelled.
pub struct Incoming {
    messages: Option<tonic::Streaming<Bytes>>,
    cutoff: Cutoff,
}

impl Incoming {
    pub(crate) fn new(messages: tonic::Streaming<Bytes>, cutoff: Cutoff) -> Self {
        Self { messages: Some(messages), cutoff }
    }

    /// The only message, with `metadata` and the trailing metadata together.
    ///
    /// Any other number of messages is UNIMPLEMENTED, the code that gRPC's list of statuses gives to cardinality violations.
    pub(crate) async fn only_message(
        mut self,
        metadata: MetadataMap,
        what: &str,
    ) -> Result<(MetadataMap, Bytes), Status> {
        match self.next_two().await {
            Ok((Some(message), None)) => {
                let trailers = self.trailers().await?;
                Ok((trailers.map_or(metadata.clone(), |trailers| merge(metadata, trailers)), message))
            }
            Ok((None, _)) => Err(Status::unimplemented(format!("expected one {what}, found none"))),
            Ok((Some(_), Some(_))) => Err(Status::unimplemented(format!("expected one {what}, found more"))),
            Err(mut status) => {
                let merged = merge(std::mem::take(status.metadata_mut()), metadata);
                *status.metadata_mut() = merged;
                Err(status)
            }
        }
    }

    async fn next_two(&mut self) -> Result<(Option<Bytes>, Option<Bytes>), Status> {
        let first = self.message().await?;
        let second = if first.is_some() { self.message().await? } else { None };
        Ok((first, second))
    }

    async fn message(&mut self) -> Result<Option<Bytes>, Status> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }

    /// The trailing metadata, which is there once all messages were read.
    pub(crate) async fn trailers(&mut self) -> Result<Option<MetadataMap>, Status> {
        match &mut self.messages {
            Some(messages) => messages.trailers().await,
            None => Ok(None),
        }
    }
}

fn merge(metadata: MetadataMap, more: MetadataMap) -> MetadataMap {
    let mut headers = metadata.into_headers();
    headers.extend(more.into_headers());
    MetadataMap::from_headers(headers)
}

impl Stream for Incoming {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { messages, cutoff } = &mut *self;
        let Some(stream) = messages else { return Poll::Ready(None) };
        // First, because a stream that always has a message would outlive its deadline.
        let item = match cutoff.poll(cx) {
            Poll::Ready(status) => Some(Err(status)),
            Poll::Pending => {
                ready!(Pin::new(stream).poll_next(cx)).map(|message| message.map_err(|status| cutoff.explain(status)))
            }
        };
        if let Some(Err(_)) = item {
            *messages = None;
        }
        Poll::Ready(item)
    }
}
