//! Takes one call as it came in; decodes its requests for the handler of its method and encodes what the handler gives back.

use super::{interceptor, replies::Replies, settings::Settings};
use crate::{
    BoxFuture, Deadline, Kind, MethodDescriptor, ServerStream, ServiceDescriptor, Streaming,
    codec::{self, BytesCodec},
    cutoff::Cutoff,
    descriptor::Described,
    streaming::{Incoming, cancellation},
};
use bytes::Bytes;
use prost::Message;
use std::{future::Future, sync::Arc};
use tonic::{
    Request, Response, Status,
    body::Body,
    server::{ClientStreamingService, StreamingService},
};

/// A call that has come in.
pub struct ServerCall {
    request: http::Request<Body>,
    service: &'static ServiceDescriptor,
    settings: Arc<Settings>,
    deadline: Option<Deadline>,
}

/// The answer to a call.
pub struct Reply(http::Response<Body>);

impl From<Status> for Reply {
    fn from(status: Status) -> Self {
        Self(status.into_http())
    }
}

impl From<Reply> for http::Response<Body> {
    fn from(reply: Reply) -> Self {
        reply.0
    }
}

/// A handler of bytes. `T` is what its response carries.
type Handler<'h, 'f, T> = &'h mut (dyn FnMut(Request<Incoming>) -> BoxFuture<'f, Result<Response<T>, Status>> + Send);

impl ServerCall {
    pub(crate) fn new(
        request: http::Request<Body>,
        service: &'static ServiceDescriptor,
        settings: Arc<Settings>,
        deadline: Option<Deadline>,
    ) -> Self {
        Self { request, service, settings, deadline }
    }

    /// The path that names the method: `/user.v1.UserService/GetUser`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.request.uri().path()
    }

    /// Answers a call of a method that the service does not have.
    #[must_use]
    pub fn unimplemented(self) -> Reply {
        let status = Status::unimplemented(format!("unknown method {}", self.path()));
        self.begin(None).err().unwrap_or(status).into()
    }

    /// Answers a call with one request and one response.
    pub async fn unary<Q, R, F, Fut>(self, method: &'static MethodDescriptor, handler: F) -> Reply
    where
        Q: Message + Default,
        R: Message,
        F: FnOnce(Request<Q>) -> Fut + Copy + Send,
        Fut: Future<Output = Result<Response<R>, Status>> + Send,
    {
        let limit = self.settings.max_encoding_message_size;
        self.answer_one(method, &mut move |requests| {
            Box::pin(async move { encode_only(handler(decode_only(requests).await?).await?, limit) })
        })
        .await
    }

    /// Answers a call with a stream of requests and one response.
    pub async fn client_streaming<Q, R, F, Fut>(self, method: &'static MethodDescriptor, handler: F) -> Reply
    where
        Q: Message + Default,
        R: Message,
        F: FnOnce(Request<Streaming<Q>>) -> Fut + Copy + Send,
        Fut: Future<Output = Result<Response<R>, Status>> + Send,
    {
        let limit = self.settings.max_encoding_message_size;
        self.answer_one(method, &mut move |requests| {
            Box::pin(async move { encode_only(handler(decode_stream(requests)).await?, limit) })
        })
        .await
    }

    /// Answers a call with one request and a stream of responses.
    pub async fn server_streaming<Q, R, S, F, Fut>(self, method: &'static MethodDescriptor, handler: F) -> Reply
    where
        Q: Message + Default,
        R: Message,
        S: ServerStream<R>,
        F: FnOnce(Request<Q>) -> Fut + Copy + Send,
        Fut: Future<Output = Result<Response<S>, Status>> + Send,
    {
        let (limit, deadline) = (self.settings.max_encoding_message_size, self.deadline);
        self.answer_stream(method, &mut move |requests| {
            Box::pin(async move { Ok(encode_stream(handler(decode_only(requests).await?).await?, limit, deadline)) })
        })
        .await
    }

    /// Answers a call with streams of requests and responses.
    pub async fn bidi_streaming<Q, R, S, F, Fut>(self, method: &'static MethodDescriptor, handler: F) -> Reply
    where
        Q: Message + Default,
        R: Message,
        S: ServerStream<R>,
        F: FnOnce(Request<Streaming<Q>>) -> Fut + Copy + Send,
        Fut: Future<Output = Result<Response<S>, Status>> + Send,
    {
        let (limit, deadline) = (self.settings.max_encoding_message_size, self.deadline);
        self.answer_stream(method, &mut move |requests| {
            Box::pin(async move { Ok(encode_stream(handler(decode_stream(requests)).await?, limit, deadline)) })
        })
        .await
    }

    async fn answer_one(self, method: &'static MethodDescriptor, handler: Handler<'_, '_, Bytes>) -> Reply {
        let mut grpc = self.settings.grpc(BytesCodec::one());
        match self.begin(Some(method)) {
            Ok(request) => Reply(grpc.client_streaming(Adapter(handler), request).await),
            Err(status) => status.into(),
        }
    }

    async fn answer_stream(self, method: &'static MethodDescriptor, handler: Handler<'_, '_, Replies>) -> Reply {
        let mut grpc = self.settings.grpc(BytesCodec::stream());
        match self.begin(Some(method)) {
            Ok(request) => Reply(grpc.streaming(Adapter(handler), request).await),
            Err(status) => status.into(),
        }
    }

    /// Puts into the extensions what is known of the call, for the interceptors, which then run, and for the handler.
    fn begin(self, method: Option<&'static MethodDescriptor>) -> Result<http::Request<Body>, Status> {
        let mut request = self.request;
        request.extensions_mut().insert(Described { method, service: Some(self.service) });
        if let Some(deadline) = self.deadline {
            request.extensions_mut().insert(deadline);
        }
        interceptor::run(&self.settings.interceptors, &mut request)?;
        match method.map(MethodDescriptor::kind) {
            Some(Kind::ClientStreaming | Kind::BidiStreaming) => Ok(request.map(cancellation::hide)),
            _ => Ok(request),
        }
    }
}

async fn decode_only<Q: Message + Default>(requests: Request<Incoming>) -> Result<Request<Q>, Status> {
    let (metadata, extensions, mut requests) = requests.into_parts();
    let message = requests.only_message("request").await?;
    Ok(Request::from_parts(metadata, extensions, codec::decode(message)?))
}

fn decode_stream<Q: Message + Default>(requests: Request<Incoming>) -> Request<Streaming<Q>> {
    let (metadata, extensions, requests) = requests.into_parts();
    Request::from_parts(metadata, extensions, Streaming::decoding(requests))
}

fn encode_only<R: Message>(response: Response<R>, limit: Option<usize>) -> Result<Response<Bytes>, Status> {
    let (metadata, message, extensions) = response.into_parts();
    let message = codec::encode(&message);
    codec::check_size(&message, limit)?;
    Ok(Response::from_parts(metadata, message, extensions))
}

fn encode_stream<R: Message>(
    response: Response<impl ServerStream<R>>,
    limit: Option<usize>,
    deadline: Option<Deadline>,
) -> Response<Replies> {
    let (metadata, messages, extensions) = response.into_parts();
    Response::from_parts(metadata, Replies::new(messages, limit, deadline), extensions)
}

/// Lets tonic call a handler of bytes.
struct Adapter<'h, 'f, T>(Handler<'h, 'f, T>);

impl<'f, T> Adapter<'_, 'f, T> {
    fn handle(&mut self, requests: Request<tonic::Streaming<Bytes>>) -> BoxFuture<'f, Result<Response<T>, Status>> {
        let (metadata, extensions, messages) = requests.into_parts();
        // The deadline of the call is held around all of it.
        (self.0)(Request::from_parts(metadata, extensions, Incoming::new(messages, Cutoff::default())))
    }
}

impl<'f> ClientStreamingService<Bytes> for Adapter<'_, 'f, Bytes> {
    type Response = Bytes;
    type Future = BoxFuture<'f, Result<Response<Bytes>, Status>>;

    fn call(&mut self, requests: Request<tonic::Streaming<Bytes>>) -> Self::Future {
        self.handle(requests)
    }
}

impl<'f> StreamingService<Bytes> for Adapter<'_, 'f, Replies> {
    type Response = Bytes;
    type ResponseStream = Replies;
    type Future = BoxFuture<'f, Result<Response<Replies>, Status>>;

    fn call(&mut self, requests: Request<tonic::Streaming<Bytes>>) -> Self::Future {
        self.handle(requests)
    }
}
