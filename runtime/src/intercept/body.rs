//! A body of messages that is watched as it passes.

use super::Watches;
use crate::grpc::Lengths;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use tonic::{Code, Status, body::Body};

/// Messages that pass, and what is to hear of them.
pub(crate) struct WatchedBody {
    body: Body,
    lengths: Lengths,
    watches: Watches,
}

impl WatchedBody {
    /// `body`, of whose messages and end `watches` are told.
    pub(crate) fn around(body: Body, watches: Watches) -> Body {
        Body::new(Self { body, lengths: Lengths::default(), watches })
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Self { body, lengths, watches } = &mut *self;
        let frame = ready!(Pin::new(body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    lengths.pass(data, |len| watches.tell(Some(Ok(len))));
                }
                match frame.trailers_ref().and_then(Status::from_header_map) {
                    Some(status) if status.code() == Code::Ok => watches.tell(None),
                    Some(status) => watches.tell(Some(Err(&status))),
                    None => {}
                }
            }
            Some(Err(status)) => watches.tell(Some(Err(status))),
            None => watches.tell(Some(Err(&Status::unknown("the response ended without a status")))),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
