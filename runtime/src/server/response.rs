//! The outcome of a call: converts it to an HTTP response, or passes it to a client in this process.

use std::mem;
use std::pin::Pin;

use http::{HeaderMap, HeaderValue};
use http_body_util::BodyExt;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::{Response, Status};

use super::Trailers;
use super::bounds::Bounds;
use super::response_stream::ResponseStream;
use crate::client::call::join;
use crate::grpc::codec::EncodedStream;
use crate::grpc::{
    Frame, GRPC_ENCODING, MessageBody, OneFrame, compress, custom, encoding_value, known_encoding, read_status,
    response_head, trailers_only,
};
use crate::intercept::{OnMessage, Watch, Watched, WatchedBody, Watches};
use crate::streaming::Incoming;
#[cfg(feature = "tracing")]
use crate::traces::{Scope, Scoped};

/// The response to a call.
pub struct ServerResponse {
    form: ResponseForm,
    /// Told of each message as it is on the wire.
    on_sent: OnMessage,
}

enum ResponseForm {
    Content(Response<Content>),
    Status(Status),
    /// The response to a request that is not a call.
    Http(http::Response<Body>),
}

/// The messages of a response.
pub(crate) enum Content {
    /// One message, the trailers after it, and the compression to send it with.
    One(Frame, Option<Trailers>, Option<CompressionEncoding>),
    /// A stream of messages, and the compression to announce.
    Stream(Box<ResponseStream>, Option<CompressionEncoding>),
    /// A body of frames, its `grpc-encoding`, and trailers to add to its own.
    Http(Body, Option<HeaderValue>, Option<Trailers>),
}

impl ServerResponse {
    fn new(form: ResponseForm) -> Self {
        Self { form, on_sent: OnMessage::default() }
    }

    /// Tells `on_sent` of each message, with its size on the wire.
    pub(crate) fn telling(self, on_sent: OnMessage) -> Self {
        Self { on_sent, ..self }
    }

    /// The only message, for a client in this process, if it is uncompressed and of at most `limit` bytes; an HTTP response otherwise.
    pub(crate) fn one(self, limit: Option<usize>) -> Result<Response<Frame>, Box<http::Response<Body>>> {
        let Self { form, on_sent } = self;
        let response = match form {
            ResponseForm::Content(response) => response,
            form => return Err(Box::new(Self::new(form).into())),
        };
        let (metadata, content, mut extensions) = response.into_parts();
        let content = match content {
            Content::One(frame, trailers, None) => match frame.within(limit) {
                Ok(frame) => {
                    on_sent.tell(frame.len());
                    let headers = custom(metadata);
                    let metadata = match trailer_headers(trailers) {
                        Some(trailers) => join(headers, trailers, &mut extensions),
                        None => MetadataMap::from_headers(headers),
                    };
                    return Ok(Response::from_parts(metadata, frame, extensions));
                }
                Err(frame) => Content::One(frame, trailers, None),
            },
            content => content,
        };
        let form = ResponseForm::Content(Response::from_parts(metadata, content, extensions));
        Err(Box::new(Self { form, on_sent }.into()))
    }

    /// The stream of messages, for a client in this process, if it is uncompressed; an HTTP response otherwise.
    pub(crate) fn many(self) -> Result<Response<EncodedStream>, Box<http::Response<Body>>> {
        let Self { form, on_sent } = self;
        match form {
            ResponseForm::Content(response) if matches!(response.get_ref(), Content::Stream(_, None)) => {
                let (metadata, content, extensions) = response.into_parts();
                let metadata = MetadataMap::from_headers(custom(metadata));
                let watches = Watches::from(Watch::of_messages(on_sent));
                let messages = content.into_stream();
                let messages: EncodedStream =
                    if watches.is_empty() { messages } else { Box::pin(Watched { messages, watches }) };
                Ok(Response::from_parts(metadata, messages, extensions))
            }
            form => Err(Box::new(Self { form, on_sent }.into())),
        }
    }

    /// The response, or the status of a call that failed.
    pub(crate) fn into_result(self) -> Result<Response<Content>, Status> {
        match self.form {
            ResponseForm::Content(response) => Ok(response),
            ResponseForm::Status(status) => Err(status),
            ResponseForm::Http(response) => {
                Err(read_status(response.headers()).and_then(Result::err).unwrap_or_else(|| Status::unknown("")))
            }
        }
    }
}

impl Content {
    /// A stream of messages that becomes a body at once, which saves a box.
    pub(super) fn body(responses: ResponseStream, encoding: Option<CompressionEncoding>) -> Self {
        Self::Http(Body::new(MessageBody::responses(responses)), encoding.map(encoding_value), None)
    }

    /// A stream of messages that an interceptor made, without a limit on their size.
    pub(crate) fn given(messages: EncodedStream, bounds: Bounds) -> Self {
        Self::Stream(Box::new(ResponseStream::new(Box::pin(messages), None, bounds)), None)
    }

    pub(crate) fn len_of_one(&self) -> Option<usize> {
        match self {
            Self::One(frame, ..) => Some(frame.len()),
            Self::Stream(..) | Self::Http(..) => None,
        }
    }

    pub(crate) fn watched_by(mut self, watches: Watches) -> Self {
        match &mut self {
            Self::One(..) => {}
            Self::Stream(responses, _) => responses.watches = watches,
            Self::Http(body, ..) => *body = WatchedBody::around(mem::take(body), watches),
        }
        self
    }

    /// Polls and drops the stream of the handler within `scope`.
    #[cfg(feature = "tracing")]
    pub(crate) fn within(mut self, scope: Scope) -> Self {
        match &mut self {
            Self::One(..) => {}
            Self::Stream(responses, _) => responses.run_within(scope),
            Self::Http(body, ..) => *body = Body::new(Scoped::new(mem::take(body), scope)),
        }
        self
    }

    /// Sets the trailers, unless there are some.
    pub(crate) fn followed_by(mut self, trailers: Option<Trailers>) -> Self {
        let own = match &mut self {
            Self::One(_, own, _) | Self::Http(_, _, own) => own,
            Self::Stream(responses, _) => &mut responses.trailers,
        };
        *own = own.take().or(trailers);
        self
    }

    /// The messages, uncompressed and without trailers.
    pub(crate) fn into_messages(mut self) -> EncodedStream {
        if let Self::Stream(responses, _) = &mut self {
            responses.trailers = None;
        }
        self.into_stream()
    }

    /// The messages, uncompressed; the trailers of a success are the metadata of a final status of OK.
    fn into_stream(self) -> EncodedStream {
        match self {
            Self::One(frame, ..) => Box::pin(tokio_stream::once(Ok(frame.into()))),
            Self::Stream(responses, _) => Pin::from(responses),
            Self::Http(body, encoding, _) => match encoding.as_ref().map(known_encoding).transpose() {
                Ok(encoding) => Box::pin(Incoming::of_body(body, encoding.flatten())),
                Err(status) => Box::pin(tokio_stream::once(Err(status))),
            },
        }
    }

    fn encoding(&self) -> Option<HeaderValue> {
        match self {
            Self::One(.., encoding) | Self::Stream(_, encoding) => encoding.map(encoding_value),
            Self::Http(_, encoding, _) => encoding.clone(),
        }
    }

    fn into_body(self) -> Result<Body, Status> {
        Ok(match self {
            Self::One(frame, trailers, None) => {
                Body::new(OneFrame::response(frame.into_bytes(), trailer_headers(trailers)))
            }
            Self::One(frame, trailers, Some(encoding)) => {
                Body::new(OneFrame::response(compress(frame.into(), encoding)?, trailer_headers(trailers)))
            }
            Self::Stream(responses, _) => Body::new(MessageBody::responses(*responses)),
            Self::Http(body, _, None) => body,
            Self::Http(body, _, Some(trailers)) => Body::new(body.map_frame(move |mut frame| {
                if let Some(own) = frame.trailers_mut() {
                    own.extend(custom(trailers.take()));
                }
                frame
            })),
        })
    }
}

/// The trailers as HTTP headers.
fn trailer_headers(trailers: Option<Trailers>) -> Option<HeaderMap> {
    trailers.map(|trailers| custom(trailers.take()))
}

impl From<Response<Content>> for ServerResponse {
    fn from(response: Response<Content>) -> Self {
        Self::new(ResponseForm::Content(response))
    }
}

impl From<Status> for ServerResponse {
    fn from(status: Status) -> Self {
        Self::new(ResponseForm::Status(status))
    }
}

impl From<http::Response<Body>> for ServerResponse {
    fn from(response: http::Response<Body>) -> Self {
        Self::new(ResponseForm::Http(response))
    }
}

impl From<ServerResponse> for http::Response<Body> {
    fn from(ServerResponse { form, on_sent }: ServerResponse) -> Self {
        match form {
            ResponseForm::Content(response) => {
                let watches = Watch::of_messages(on_sent).into();
                let response = into_http(response).unwrap_or_else(|status| trailers_only(&status));
                response.map(|body| WatchedBody::around(body, watches))
            }
            ResponseForm::Status(status) => trailers_only(&status),
            ResponseForm::Http(response) => response,
        }
    }
}

fn into_http(response: Response<Content>) -> Result<http::Response<Body>, Status> {
    let (metadata, content, extensions) = response.into_parts();
    let mut head = response_head(metadata, extensions);
    if let Some(encoding) = content.encoding() {
        head.headers_mut().insert(GRPC_ENCODING, encoding);
    }
    let body = content.into_body()?;
    Ok(head.map(|()| body))
}
