//! The requests of an attempt that tonic sends, and may compress.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use tonic::CancellationHandle;

use crate::client::retry::replay::AttemptRequests;
use crate::compression::Compressing;
use crate::grpc::codec::Encoded;
use crate::grpc::{Flags, Frame};

/// The requests of an attempt that tonic sends, and may compress.
pub(crate) struct TonicRequests {
    messages: SentMessages,
    /// Records for each message whether to compress it.
    chosen: Chosen,
    cancellation: Option<CancellationHandle>,
}

enum SentMessages {
    One(Option<Frame>),
    Stream(AttemptRequests),
}

type Chosen = Option<(Arc<Compressing>, Flags)>;

impl TonicRequests {
    pub(super) fn one(frame: Frame, chosen: Chosen) -> Self {
        Self { messages: SentMessages::One(Some(frame)), chosen, cancellation: None }
    }

    pub(super) fn stream(messages: AttemptRequests, chosen: Chosen) -> Self {
        Self { messages: SentMessages::Stream(messages), chosen, cancellation: None }
    }

    /// Cancels the request if the stream of requests fails.
    pub(crate) fn cancel_by(&mut self, handle: CancellationHandle) {
        self.cancellation = Some(handle);
    }
}

impl Stream for TonicRequests {
    type Item = Encoded;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Encoded>> {
        let message = match &mut self.messages {
            SentMessages::One(frame) => frame.take().map(Encoded::from),
            SentMessages::Stream(messages) => match Encoded::poll_next(|batch| messages.fill(cx, batch)) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Err(_))) => {
                    if let Some(cancellation) = self.cancellation.take() {
                        cancellation.cancel();
                    }
                    return Poll::Pending;
                }
                Poll::Ready(message) => message.and_then(Result::ok),
            },
        };
        if let (Some(message), Some((compressing, chosen))) = (&message, &self.chosen) {
            chosen.push(compressing.of(message.len()).is_some());
        }
        Poll::Ready(message)
    }
}
