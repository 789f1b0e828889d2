//! Takes one call as it came in; decodes its requests for the handler of its method and encodes what the handler gives back.

use super::{
    adapter::{Adapter, Handler, only_request},
    interceptor,
    replies::Replies,
    reply::Reply,
    requested::Requested,
    settings::Settings,
};
use crate::{
    BoxFuture, Deadline, Kind, MethodDescriptor, ServerStream, ServiceDescriptor, Streaming,
    codec::{self, BytesCodec},
    descriptor::Described,
    grpc::{Frame, examine_request, is_compressed, split_binary},
    streaming::{Incoming, cancellation},
};
use bytes::Bytes;
use prost::Message;
use std::{future::Future, mem, sync::Arc};
use tonic::{Request, Response, Status, body::Body, metadata::MetadataMap};

/// A call that has come in.
pub struct ServerCall {
    request: http::Request<Requested>,
    service: &'static ServiceDescriptor,
    method: Option<&'static MethodDescriptor>,
    settings: Arc<Settings>,
    deadline: Option<Deadline>,
}

impl ServerCall {
    pub(crate) fn new(
        mut request: http::Request<Requested>,
        service: &'static ServiceDescriptor,
        settings: Arc<Settings>,
        deadline: Option<Deadline>,
    ) -> Self {
        split_binary(request.headers_mut());
        let path = request.uri().path();
        let method = service.methods().iter().find(|method| method.path() == path);
        Self { request, service, method, settings, deadline }
    }

    /// The name of the method, `GetUser`; empty if the service does not have it.
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.method.map_or("", MethodDescriptor::name)
    }

    /// Answers a call of a method that the service does not have.
    #[must_use]
    pub fn unimplemented(mut self) -> Reply {
        let status = Status::unimplemented(format!("unknown method {}", self.request.uri().path()));
        self.begin().err().unwrap_or(status).into()
    }

    /// Answers a call with one request and one response.
    pub async fn unary<Q, R, F, Fut>(mut self, handler: F) -> Reply
    where
        Q: Message + Default,
        R: Message,
        F: FnOnce(Request<Q>) -> Fut + Copy + Send,
        Fut: Future<Output = Result<Response<R>, Status>> + Send,
    {
        if let Err(status) = self.begin() {
            return status.into();
        }
        self.read_one().await;
        let limit = self.settings.max_encoding_message_size;
        match self.into_received() {
            Received::One(request) => match decode(request) {
                Ok(request) => handler(request).await.and_then(|response| encode(response, limit)).into(),
                Err(status) => status.into(),
            },
            Received::Other(call) => {
                call.answer_one(&mut move |requests| {
                    Box::pin(async move { encode(handler(decode(only_request(requests).await?)?).await?, limit) })
                })
                .await
            }
        }
    }

    /// Answers a call with a stream of requests and one response.
    pub async fn client_streaming<Q, R, F, Fut>(mut self, handler: F) -> Reply
    where
        Q: Message + Default,
        R: Message,
        F: FnOnce(Request<Streaming<Q>>) -> Fut + Copy + Send,
        Fut: Future<Output = Result<Response<R>, Status>> + Send,
    {
        if let Err(status) = self.begin() {
            return status.into();
        }
        let limit = self.settings.max_encoding_message_size;
        self.answer_one(&mut move |requests| {
            Box::pin(async move { encode(handler(decode_stream(requests)).await?, limit) })
        })
        .await
    }

    /// Answers a call with one request and a stream of responses.
    pub async fn server_streaming<Q, R, S, F, Fut>(self, handler: F) -> Reply
    where
        Q: Message + Default,
        R: Message,
        S: ServerStream<R>,
        F: FnOnce(Request<Q>) -> Fut + Copy + Send,
        Fut: Future<Output = Result<Response<S>, Status>> + Send,
    {
        let (limit, deadline) = (self.settings.max_encoding_message_size, self.deadline);
        self.answer_stream(&mut move |requests| {
            Box::pin(async move {
                let request = decode(only_request(requests).await?)?;
                Ok(encode_stream(handler(request).await?, limit, deadline))
            })
        })
        .await
    }

    /// Answers a call with streams of requests and responses.
    pub async fn bidi_streaming<Q, R, S, F, Fut>(self, handler: F) -> Reply
    where
        Q: Message + Default,
        R: Message,
        S: ServerStream<R>,
        F: FnOnce(Request<Streaming<Q>>) -> Fut + Copy + Send,
        Fut: Future<Output = Result<Response<S>, Status>> + Send,
    {
        let (limit, deadline) = (self.settings.max_encoding_message_size, self.deadline);
        self.answer_stream(&mut move |requests| {
            Box::pin(async move { Ok(encode_stream(handler(decode_stream(requests)).await?, limit, deadline)) })
        })
        .await
    }

    /// Has tonic read the requests and write the response.
    fn answer_one<'a>(self, handler: Handler<'a, 'a, Frame>) -> BoxFuture<'a, Reply> {
        Box::pin(async move {
            let mut grpc = self.settings.grpc(BytesCodec::one());
            grpc.client_streaming(Adapter(handler), self.into_examined()).await.into()
        })
    }

    /// Has tonic read the requests and write the responses.
    fn answer_stream<'a>(mut self, handler: Handler<'a, 'a, Replies>) -> BoxFuture<'a, Reply> {
        Box::pin(async move {
            if let Err(status) = self.begin() {
                return status.into();
            }
            let mut grpc = self.settings.grpc(BytesCodec::stream());
            grpc.streaming(Adapter(handler), self.into_examined()).await.into()
        })
    }

    /// Puts into the extensions what is known of the call, for the interceptors, which then run, and for the handler.
    fn begin(&mut self) -> Result<(), Status> {
        let extensions = self.request.extensions_mut();
        extensions.insert(Described { method: self.method, service: Some(self.service) });
        if let Some(deadline) = self.deadline {
            extensions.insert(deadline);
        }
        interceptor::run(&self.settings.interceptors, &mut self.request)?;
        if let Some(Kind::ClientStreaming | Kind::BidiStreaming) = self.method.map(MethodDescriptor::kind) {
            let requested = mem::take(self.request.body_mut());
            *self.request.body_mut() = Requested::Body(cancellation::hide(requested.into()));
        }
        Ok(())
    }

    /// Reads the one request of the call, if it is uncompressed and the response need not be compressed either.
    async fn read_one(&mut self) {
        let requested = mem::take(self.request.body_mut());
        *self.request.body_mut() = if is_compressed(self.request.headers()) || !self.settings.send_compressed.is_empty()
        {
            Requested::Body(requested.into())
        } else {
            requested.read(self.settings.max_decoding_message_size).await
        };
    }

    fn into_examined(self) -> http::Request<Body> {
        examine_request(self.request.map(Body::from), self.settings.max_decoding_message_size)
    }

    /// The request that was read, or the call for tonic.
    fn into_received(self) -> Received {
        let (head, requested) = self.request.into_parts();
        match requested {
            Requested::One(frame) => {
                let metadata = MetadataMap::from_headers(head.headers);
                Received::One(Request::from_parts(metadata, head.extensions, frame.into_message()))
            }
            Requested::Body(_) => Received::Other(Self { request: http::Request::from_parts(head, requested), ..self }),
        }
    }
}

/// A call whose interceptors have run.
enum Received {
    One(Request<Bytes>),
    /// For tonic to read.
    Other(ServerCall),
}

fn decode<Q: Message + Default>(request: Request<Bytes>) -> Result<Request<Q>, Status> {
    let (metadata, extensions, message) = request.into_parts();
    Ok(Request::from_parts(metadata, extensions, codec::decode(message)?))
}

fn decode_stream<Q: Message + Default>(requests: Request<Incoming>) -> Request<Streaming<Q>> {
    let (metadata, extensions, requests) = requests.into_parts();
    Request::from_parts(metadata, extensions, Streaming::decoding(requests))
}

fn encode<R: Message>(response: Response<R>, limit: Option<usize>) -> Result<Response<Frame>, Status> {
    let (metadata, message, extensions) = response.into_parts();
    let frame = Frame::encode(&message);
    codec::check_size(frame.len(), limit)?;
    Ok(Response::from_parts(metadata, frame, extensions))
}

fn encode_stream<R: Message>(
    response: Response<impl ServerStream<R>>,
    limit: Option<usize>,
    deadline: Option<Deadline>,
) -> Response<Replies> {
    let (metadata, messages, extensions) = response.into_parts();
    Response::from_parts(metadata, Replies::new(messages, limit, deadline), extensions)
}
