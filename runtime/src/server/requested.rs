//! What a call brings: a body that came by HTTP, or the one message of a client in the same process.

use crate::grpc::{Frame, OneFrame, only};
use tonic::body::Body;

pub(crate) enum Requested {
    Body(Body),
    One(Frame),
}

impl Requested {
    /// The only message, if it is here uncompressed and of at most `limit` bytes; otherwise the body for tonic.
    pub(super) async fn read(self, limit: Option<usize>) -> Self {
        let read = match self {
            Self::Body(body) => only(body, limit).await.map(|only| only.frame),
            Self::One(frame) => frame.within(limit).map_err(|frame| Self::One(frame).into()),
        };
        read.map_or_else(Self::Body, Self::One)
    }
}

impl Default for Requested {
    fn default() -> Self {
        Self::Body(Body::empty())
    }
}

impl From<Requested> for Body {
    fn from(requested: Requested) -> Self {
        match requested {
            Requested::Body(body) => body,
            Requested::One(frame) => Self::new(OneFrame::request(frame)),
        }
    }
}
