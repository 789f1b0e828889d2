//! Encodes the response that a handler returns.

use prost::Message;
use tonic::{Extensions, Response, Status};

use super::panics::UserCode;
use super::response::{Content, ServerResponse};
use super::response_stream::ResponseStream;
use super::{ServerCall, Trailers};
use crate::ServerStream;
use crate::grpc::{BoxFill, Frame, codec};

impl ServerCall {
    /// Encodes a response with one message.
    pub(super) fn respond_with_one<R: Message>(&self, response: Result<Response<R>, Status>) -> ServerResponse {
        match response {
            Ok(response) => {
                let response = response.map(|message| Frame::encode(&message));
                let len = response.get_ref().len();
                match codec::check_size(len, self.0.settings.messages.max_sent) {
                    Ok(()) => self.respond_with_frame(response),
                    Err(status) => status.into(),
                }
            }
            Err(status) => status.into(),
        }
    }

    fn respond_with_frame(&self, mut response: Response<Frame>) -> ServerResponse {
        let len = response.get_ref().len();
        let trailers = self.trailers(response.extensions_mut());
        let compressing = self.0.settings.compressing(self.0.encoding, response.extensions_mut());
        let encoding = compressing.and_then(|compressing| compressing.of(len));
        response.map(|frame| Content::One(frame, trailers, encoding)).into()
    }

    /// Wraps a response with a stream of messages, which are encoded as they are sent.
    pub(super) fn respond_with_stream<R: Message>(
        &self,
        response: Result<Response<impl ServerStream<R>>, Status>,
    ) -> ServerResponse {
        let limit = self.0.settings.messages.max_sent;
        match response {
            Ok(response) => self.respond_with_messages(response.map(|messages| Box::pin(messages) as BoxFill), limit),
            Err(status) => status.into(),
        }
    }

    fn respond_with_messages(&self, mut response: Response<BoxFill>, limit: Option<usize>) -> ServerResponse {
        let trailers = self.trailers(response.extensions_mut());
        let compressing = self.0.settings.compressing(self.0.encoding, response.extensions_mut());
        let encoding = compressing.as_ref().map(|compressing| compressing.encoding);
        let is_body = self.0.is_http && self.0.settings.interceptors.is_empty();
        let responses = |messages| {
            let mut responses = ResponseStream::new(messages, limit, self.bounds(UserCode::Handler));
            (responses.compressing, responses.trailers) = (compressing, trailers);
            if is_body { Content::body(responses, encoding) } else { Content::Stream(Box::new(responses), encoding) }
        };
        response.map(responses).into()
    }

    /// The trailers of a response. They also stay in its extensions if there are interceptors, which may change them.
    fn trailers(&self, extensions: &mut Extensions) -> Option<Trailers> {
        if self.0.settings.interceptors.is_empty() { extensions.remove() } else { extensions.get().cloned() }
    }
}
