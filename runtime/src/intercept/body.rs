//! An HTTP body whose messages are observed.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::Status;
use tonic::body::Body;

use super::Watches;
use crate::grpc::{FrameTracker, read_status};

/// An HTTP body whose messages and end are observed.
pub(crate) struct WatchedBody {
    body: Body,
    frames: FrameTracker,
    watches: Watches,
}

impl WatchedBody {
    /// Wraps `body`, if there are any observers.
    pub(crate) fn around(body: Body, watches: Watches) -> Body {
        if watches.is_empty() {
            return body;
        }
        Body::new(Self { body, frames: FrameTracker::default(), watches })
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Self { body, frames, watches } = &mut *self;
        let frame = ready!(Pin::new(body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    let Ok(()) = frames.pass(data, |_, length| {
                        watches.tell(Some(Ok(length)));
                        Ok::<_, Infallible>(())
                    });
                }
                match frame.trailers_ref().and_then(read_status) {
                    Some(Ok(())) => watches.tell(None),
                    Some(Err(status)) => watches.tell(Some(Err(&status))),
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
