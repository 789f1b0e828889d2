//! The requests of a call: an HTTP body, or messages from a client in the same process.

use tonic::body::Body;

use crate::grpc::codec::{Encoded, EncodedStream};
use crate::grpc::{Frame, single_message};
use crate::intercept::{Watched, WatchedBody, Watches};

pub(crate) enum RequestBody {
    Body(Body),
    One(Frame),
    Many(EncodedStream),
}

impl RequestBody {
    /// Reads the only message, if it is uncompressed and of at most `limit` bytes; otherwise returns the requests as they are.
    pub(super) async fn read(self, limit: Option<usize>) -> Self {
        match self {
            Self::Body(body) => single_message(body, limit).await.map_or_else(Self::Body, |only| Self::One(only.frame)),
            Self::One(frame) => frame.within(limit).map_or_else(|frame| Self::Many(once(frame)), Self::One),
            many @ Self::Many(_) => many,
        }
    }

    /// Tells `watches` of each message as it passes.
    pub(crate) fn watched_by(self, mut watches: Watches) -> Self {
        if watches.is_empty() {
            return self;
        }
        match self {
            Self::Body(body) => Self::Body(WatchedBody::around(body, watches)),
            Self::One(frame) => {
                watches.tell(Some(Ok(frame.len())));
                Self::One(frame)
            }
            Self::Many(messages) => Self::Many(Box::pin(Watched { messages, watches })),
        }
    }

    /// The messages, or the body that holds them.
    pub(super) fn into_messages(self) -> Result<EncodedStream, Body> {
        match self {
            Self::Body(body) => Err(body),
            Self::One(frame) => Ok(once(frame)),
            Self::Many(messages) => Ok(messages),
        }
    }
}

fn once(frame: Frame) -> EncodedStream {
    Box::pin(tokio_stream::once(Ok(Encoded::from(frame))))
}

impl Default for RequestBody {
    fn default() -> Self {
        Self::Body(Body::empty())
    }
}
