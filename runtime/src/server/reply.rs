//! Takes what came of a call; gives the HTTP response that says it.

use crate::grpc::{Frame, OneFrame, custom, response_head};
use tonic::{Response, Status, body::Body, metadata::MetadataMap};

/// The answer to a call.
pub struct Reply(Answer);

enum Answer {
    /// One message, uncompressed.
    One(Response<Frame>),
    Status(Status),
    /// What tonic made.
    Http(http::Response<Body>),
}

/// A reply, to a client in the same process.
pub(crate) enum Arrived {
    /// One message, uncompressed and within the client's limit.
    One(Response<Frame>),
    Http(http::Response<Body>),
}

impl Reply {
    /// The reply to a client that receives messages of at most `limit` bytes.
    pub(crate) fn arrive(self, limit: Option<usize>) -> Arrived {
        let Answer::One(response) = self.0 else { return Arrived::Http(self.into()) };
        let (metadata, frame, extensions) = response.into_parts();
        let metadata = MetadataMap::from_headers(custom(metadata));
        match frame.within(limit) {
            Ok(frame) => Arrived::One(Response::from_parts(metadata, frame, extensions)),
            Err(frame) => Arrived::Http(Self(Answer::One(Response::from_parts(metadata, frame, extensions))).into()),
        }
    }
}

impl From<Result<Response<Frame>, Status>> for Reply {
    fn from(result: Result<Response<Frame>, Status>) -> Self {
        Self(result.map_or_else(Answer::Status, Answer::One))
    }
}

impl From<Status> for Reply {
    fn from(status: Status) -> Self {
        Self(Answer::Status(status))
    }
}

impl From<http::Response<Body>> for Reply {
    fn from(response: http::Response<Body>) -> Self {
        Self(Answer::Http(response))
    }
}

impl From<Reply> for http::Response<Body> {
    fn from(reply: Reply) -> Self {
        match reply.0 {
            Answer::One(response) => {
                let (metadata, frame, extensions) = response.into_parts();
                response_head(metadata, extensions).map(|()| Body::new(OneFrame::response(frame)))
            }
            Answer::Status(status) => status.into_http(),
            Answer::Http(response) => response,
        }
    }
}
