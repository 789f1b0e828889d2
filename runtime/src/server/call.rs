//! Takes one call as it came in; decodes its requests for the handler of its method and encodes what the handler gives back.

use super::{
    adapter::{Adapter, Handler, only_request},
    interceptor,
    replies::Replies,
    reply::Reply,
    settings::Settings,
};
use crate::{
    Deadline, Kind, MethodDescriptor, ServerStream, ServiceDescriptor, Streaming,
    codec::{self, BytesCodec},
    descriptor::Described,
    streaming::{Incoming, cancellation},
    wire::{Frame, Only, is_compressed, only},
};
use bytes::Bytes;
use prost::Message;
use std::{future::Future, sync::Arc};
use tonic::{Request, Response, Status, body::Body, metadata::MetadataMap};

/// A call that has come in.
pub struct ServerCall {
    request: http::Request<Body>,
    service: &'static ServiceDescriptor,
    method: Option<&'static MethodDescriptor>,
    settings: Arc<Settings>,
    deadline: Option<Deadline>,
}

impl ServerCall {
    pub(crate) fn new(
        request: http::Request<Body>,
        service: &'static ServiceDescriptor,
        settings: Arc<Settings>,
        deadline: Option<Deadline>,
    ) -> Self {
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
    pub fn unimplemented(self) -> Reply {
        let status = Status::unimplemented(format!("unknown method {}", self.request.uri().path()));
        self.begin().err().unwrap_or(status).into()
    }

    /// Answers a call with one request and one response.
    pub async fn unary<Q, R, F, Fut>(self, handler: F) -> Reply
    where
        Q: Message + Default,
        R: Message,
        F: FnOnce(Request<Q>) -> Fut + Copy + Send,
        Fut: Future<Output = Result<Response<R>, Status>> + Send,
    {
        let limit = self.settings.max_encoding_message_size;
        match self.receive().await {
            Ok(Received::One(request)) => respond(request, handler, limit).await.into(),
            Ok(Received::Other(call)) => {
                call.answer_one(&mut move |requests| {
                    Box::pin(async move { respond(only_request(requests).await?, handler, limit).await })
                })
                .await
            }
            Err(status) => status.into(),
        }
    }

    /// Answers a call with a stream of requests and one response.
    pub async fn client_streaming<Q, R, F, Fut>(self, handler: F) -> Reply
    where
        Q: Message + Default,
        R: Message,
        F: FnOnce(Request<Streaming<Q>>) -> Fut + Copy + Send,
        Fut: Future<Output = Result<Response<R>, Status>> + Send,
    {
        let limit = self.settings.max_encoding_message_size;
        let handler: Handler<'_, '_, Frame> =
            &mut move |requests| Box::pin(async move { encode(handler(decode_stream(requests)).await?, limit) });
        match self.begin() {
            Ok(call) => call.answer_one(handler).await,
            Err(status) => status.into(),
        }
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

    async fn answer_one(self, handler: Handler<'_, '_, Frame>) -> Reply {
        let mut grpc = self.settings.grpc(BytesCodec::one());
        grpc.client_streaming(Adapter(handler), self.request).await.into()
    }

    async fn answer_stream(self, handler: Handler<'_, '_, Replies>) -> Reply {
        match self.begin() {
            Ok(call) => {
                let mut grpc = call.settings.grpc(BytesCodec::stream());
                grpc.streaming(Adapter(handler), call.request).await.into()
            }
            Err(status) => status.into(),
        }
    }

    /// The one request of a call, if it is here uncompressed and the response need not be compressed either.
    async fn receive(self) -> Result<Received, Status> {
        let mut call = self.begin()?;
        if is_compressed(call.request.headers()) || !call.settings.send_compressed.is_empty() {
            return Ok(Received::Other(call));
        }
        let body = std::mem::take(call.request.body_mut());
        match only(body, call.settings.max_decoding_message_size).await {
            Ok(Only { frame, .. }) => {
                let (head, _) = call.request.into_parts();
                let metadata = MetadataMap::from_headers(head.headers);
                Ok(Received::One(Request::from_parts(metadata, head.extensions, frame.into_message())))
            }
            Err(body) => {
                *call.request.body_mut() = body;
                Ok(Received::Other(call))
            }
        }
    }

    /// Puts into the extensions what is known of the call, for the interceptors, which then run, and for the handler.
    fn begin(mut self) -> Result<Self, Status> {
        let extensions = self.request.extensions_mut();
        extensions.insert(Described { method: self.method, service: Some(self.service) });
        if let Some(deadline) = self.deadline {
            extensions.insert(deadline);
        }
        interceptor::run(&self.settings.interceptors, &mut self.request)?;
        if let Some(Kind::ClientStreaming | Kind::BidiStreaming) = self.method.map(MethodDescriptor::kind) {
            self.request = self.request.map(cancellation::hide);
        }
        Ok(self)
    }
}

/// A call whose interceptors have run.
enum Received {
    One(Request<Bytes>),
    /// For tonic to read.
    Other(ServerCall),
}

/// Has `handler` answer the request.
async fn respond<Q, R, F, Fut>(
    request: Request<Bytes>,
    handler: F,
    limit: Option<usize>,
) -> Result<Response<Frame>, Status>
where
    Q: Message + Default,
    R: Message,
    F: FnOnce(Request<Q>) -> Fut,
    Fut: Future<Output = Result<Response<R>, Status>>,
{
    encode(handler(decode(request)?).await?, limit)
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
