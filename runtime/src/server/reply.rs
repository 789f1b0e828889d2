//! Takes what came of a call; gives the HTTP response that says it.

use super::{Trailers, replies::Replies};
use crate::{
    call::join,
    grpc::{Frame, GRPC_ENCODING, Messages, OneFrame, compress, custom, encoding_value, response_head},
};
use http::HeaderMap;
use tonic::{Extensions, Response, Status, body::Body, codec::CompressionEncoding, metadata::MetadataMap};

/// The answer to a call.
pub struct Reply(Answer);

enum Answer {
    /// One message, uncompressed, and what is to follow it.
    One(Response<Frame>, Option<Trailers>),
    Status(Status),
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
        let Answer::One(response, trailers) = self.0 else { return Arrived::Http(self.into()) };
        let (metadata, frame, mut extensions) = response.into_parts();
        let headers = custom(metadata);
        match frame.within(limit) {
            Ok(frame) => {
                let metadata = join(headers, after(trailers).unwrap_or_default(), &mut extensions);
                Arrived::One(Response::from_parts(metadata, frame, extensions))
            }
            Err(frame) => {
                let response = Response::from_parts(MetadataMap::from_headers(headers), frame, extensions);
                Arrived::Http(Self(Answer::One(response, trailers)).into())
            }
        }
    }

    pub(super) fn one(response: Response<Frame>, trailers: Option<Trailers>) -> Self {
        Self(Answer::One(response, trailers))
    }

    pub(super) fn compressed(
        response: Response<Frame>,
        trailers: Option<Trailers>,
        encoding: CompressionEncoding,
    ) -> Result<Self, Status> {
        let (metadata, frame, extensions) = response.into_parts();
        let body = OneFrame::response(compress(frame.into(), encoding)?, after(trailers));
        Ok(Self::http(metadata, extensions, Some(encoding), Body::new(body)))
    }

    pub(super) fn stream(response: Response<Replies>, encoding: Option<CompressionEncoding>) -> Self {
        let (metadata, replies, extensions) = response.into_parts();
        Self::http(metadata, extensions, encoding, Body::new(Messages::new(replies)))
    }

    fn http(metadata: MetadataMap, extensions: Extensions, encoding: Option<CompressionEncoding>, body: Body) -> Self {
        let mut response = response_head(metadata, extensions).map(|()| body);
        if let Some(encoding) = encoding {
            response.headers_mut().insert(GRPC_ENCODING, encoding_value(encoding));
        }
        Self(Answer::Http(response))
    }
}

/// The metadata after a response.
fn after(trailers: Option<Trailers>) -> Option<HeaderMap> {
    trailers.map(|trailers| custom(trailers.take()))
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
            Answer::One(response, trailers) => {
                let (metadata, frame, extensions) = response.into_parts();
                let body = OneFrame::response(frame.into_bytes(), after(trailers));
                response_head(metadata, extensions).map(|()| Body::new(body))
            }
            Answer::Status(status) => status.into_http(),
            Answer::Http(response) => response,
        }
    }
}
