//! A call that a server has received: decodes its requests for the handler of its method.

use std::future::Future;
use std::mem;
use std::sync::Arc;

use http::uri::PathAndQuery;
use prost::Message;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status};

use super::bounds::Bounds;
use super::panics::{Catch, UserCode};
use super::request_body::RequestBody;
use super::response::ServerResponse;
use super::settings::ServerSettings;
use super::tonic_interceptor;
use crate::deadline::termination::deadline_exceeded;
use crate::descriptor::CallDescriptor;
use crate::grpc::codec::Encoded;
use crate::grpc::{Arrival, Expected, Flags, examine_request, is_compressed, requested_encoding, split_binary};
use crate::intercept::{OnMessage, Watch};
use crate::streaming::Incoming;
use crate::{Deadline, MethodDescriptor, ServerStream, ServiceDescriptor, Streaming, compression};

/// A call that a server has received; [`Dispatch`](super::Dispatch) passes it to its method.
///
/// It is boxed, because each of the futures that it passes through would otherwise reserve room for it.
pub struct ServerCall(pub(crate) Box<ServerCallParts>);

/// The contents of a [`ServerCall`].
pub(crate) struct ServerCallParts {
    pub(crate) request: http::Request<RequestBody>,
    service: &'static ServiceDescriptor,
    method: Option<&'static MethodDescriptor>,
    pub(super) settings: Arc<ServerSettings>,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) arrival: Arrival,
    /// Told of each request.
    pub(crate) on_request: OnMessage,
    /// The compression of responses that the client accepts and the server uses.
    pub(super) encoding: Option<CompressionEncoding>,
    /// Whether the request arrived over HTTP, as its response then leaves.
    pub(super) is_http: bool,
}

impl ServerCall {
    pub(crate) fn new(
        mut request: http::Request<RequestBody>,
        service: &'static ServiceDescriptor,
        settings: Arc<ServerSettings>,
        deadline: Option<Deadline>,
    ) -> Self {
        split_binary(request.headers_mut());
        let arrival = match request.body() {
            RequestBody::Body(_) => Arrival::of(request.extensions()),
            RequestBody::One(_) | RequestBody::Many(_) => Arrival::InProcess,
        };
        // `Path → ":path" "/" Service-Name "/" {method name}`, and nothing else.
        let path = request.uri().path_and_query().map_or("", PathAndQuery::as_str);
        let method = service.method_at(path);
        let is_http = matches!(request.body(), RequestBody::Body(_));
        let on_request = OnMessage::default();
        Self(Box::new(ServerCallParts {
            request,
            service,
            method,
            settings,
            deadline,
            arrival,
            on_request,
            encoding: None,
            is_http,
        }))
    }

    /// The name of the method that was called: `GetUser`; empty if the service does not have it.
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.0.method.map_or("", MethodDescriptor::name)
    }

    /// The method; `None` if the service does not have it.
    #[cfg(feature = "testing")]
    pub(crate) fn method_descriptor(&self) -> Option<&'static MethodDescriptor> {
        self.0.method
    }

    /// Answers a call to a method that the service does not have, with `UNIMPLEMENTED`.
    #[must_use]
    pub fn unimplemented(mut self) -> ServerResponse {
        let status = Status::unimplemented(format!("unknown method {}", self.0.request.uri().path()));
        self.begin().err().unwrap_or(status).into()
    }

    /// Answers a call with one request and one response.
    pub async fn unary<Q, R, F, Fut>(mut self, handler: F) -> ServerResponse
    where
        Q: Message + Default,
        R: Message,
        F: FnOnce(Request<Q>) -> Fut + Send,
        Fut: Future<Output = Result<Response<R>, Status>> + Send,
    {
        match self.receive_one().await.and_then(|request| decode(self.in_time(request)?)) {
            Ok(request) => {
                let response = handler(request).await;
                self.respond_with_one(response)
            }
            Err(status) => status.into(),
        }
    }

    /// Answers a call with a stream of requests and one response.
    pub async fn client_streaming<Q, R, F, Fut>(mut self, handler: F) -> ServerResponse
    where
        Q: Message + Default,
        R: Message,
        F: FnOnce(Request<Streaming<Q>>) -> Fut + Send,
        Fut: Future<Output = Result<Response<R>, Status>> + Send,
    {
        match self.receive_stream().and_then(|requests| self.in_time(requests)) {
            Ok(requests) => {
                let response = Box::pin(handler(requests.map(Streaming::decoding))).await;
                self.respond_with_one(response)
            }
            Err(status) => status.into(),
        }
    }

    /// Answers a call with one request and a stream of responses.
    pub async fn server_streaming<Q, R, S, F, Fut>(mut self, handler: F) -> ServerResponse
    where
        Q: Message + Default,
        R: Message,
        S: ServerStream<R>,
        F: FnOnce(Request<Q>) -> Fut + Send,
        Fut: Future<Output = Result<Response<S>, Status>> + Send,
    {
        match self.receive_one().await.and_then(|request| decode(self.in_time(request)?)) {
            Ok(request) => {
                let responses = Box::pin(handler(request)).await;
                self.respond_with_stream(responses)
            }
            Err(status) => status.into(),
        }
    }

    /// Answers a call with streams of requests and responses.
    pub async fn bidi_streaming<Q, R, S, F, Fut>(mut self, handler: F) -> ServerResponse
    where
        Q: Message + Default,
        R: Message,
        S: ServerStream<R>,
        F: FnOnce(Request<Streaming<Q>>) -> Fut + Send,
        Fut: Future<Output = Result<Response<S>, Status>> + Send,
    {
        match self.receive_stream().and_then(|requests| self.in_time(requests)) {
            Ok(requests) => {
                let responses = Box::pin(handler(requests.map(Streaming::decoding))).await;
                self.respond_with_stream(responses)
            }
            Err(status) => status.into(),
        }
    }

    /// Puts the descriptor and the deadline of the call into its extensions, and runs tonic's interceptors.
    fn begin(&mut self) -> Result<(), Status> {
        self.0.encoding = self.0.settings.encoding(self.0.request.headers());
        let descriptor = self.descriptor();
        let extensions = self.0.request.extensions_mut();
        extensions.insert(descriptor);
        if let Some(deadline) = self.0.deadline {
            extensions.insert(deadline);
        }
        if self.0.settings.tonic_interceptors.is_empty() {
            return Ok(());
        }
        let catch = self.catch(UserCode::Interceptor);
        let ServerCallParts { settings, request, .. } = &mut *self.0;
        catch.run(|| tonic_interceptor::run(&settings.tonic_interceptors, request))?
    }

    pub(crate) fn descriptor(&self) -> CallDescriptor {
        CallDescriptor { method: self.0.method, service: Some(self.0.service) }
    }

    pub(crate) fn settings(&self) -> &ServerSettings {
        &self.0.settings
    }

    /// `request`, unless the deadline has passed.
    fn in_time<T>(&self, request: T) -> Result<T, Status> {
        match self.0.deadline {
            Some(deadline) if deadline.has_passed() => Err(deadline_exceeded()),
            _ => Ok(request),
        }
    }

    /// Receives a request with one message.
    async fn receive_one(&mut self) -> Result<Request<Encoded>, Status> {
        self.begin()?;
        let request_body = mem::take(self.0.request.body_mut());
        let request_body = if is_compressed(self.0.request.headers()) {
            request_body
        } else {
            match request_body.read(self.0.settings.messages.max_received).await {
                RequestBody::One(frame) => {
                    self.0.on_request.tell(frame.len());
                    let metadata = MetadataMap::from_headers(mem::take(self.0.request.headers_mut()));
                    let extensions = mem::take(self.0.request.extensions_mut());
                    return Ok(Request::from_parts(metadata, extensions, frame.into()));
                }
                request_body => request_body,
            }
        };
        let request = mem::take(&mut self.0.request).map(|_| request_body);
        // Boxed, because this future is large and rarely runs.
        Box::pin(single_message(self.receive(request, Expected::One)?)).await
    }

    /// Receives a request with a stream of messages.
    fn receive_stream(&mut self) -> Result<Request<Incoming>, Status> {
        self.begin()?;
        let request = mem::take(&mut self.0.request);
        self.receive(request, Expected::Stream)
    }

    /// The messages of `request`. The [`Bounds`] of the call hold them to its deadline.
    fn receive(
        &mut self,
        request: http::Request<RequestBody>,
        expected: Expected,
    ) -> Result<Request<Incoming>, Status> {
        let encoding = requested_encoding(request.headers(), &self.0.settings.messages.accepted)?;
        let limit = self.0.settings.messages.max_received;
        let (head, request_body) = request.into_parts();
        let request = match request_body.into_messages() {
            Ok(messages) => http::Request::from_parts(head, Incoming::local_requests(messages, limit)),
            Err(body) => {
                let compressed = encoding.map(|encoding| (encoding, Flags::default()));
                let flags = compressed.as_ref().map(|(_, flags)| flags.clone());
                let request = http::Request::from_parts(head, body);
                examine_request(request, self.0.arrival, expected, limit, compressed)
                    .map(|body| Incoming::by_http(Body::new(body), flags))
            }
        };
        let watches = Watch::of_messages(mem::take(&mut self.0.on_request)).into();
        Ok(Request::from_http(request).map(|requests| requests.watched_by(watches)))
    }

    /// The bounds of `code` in this call.
    pub(crate) fn bounds(&self, code: UserCode) -> Bounds {
        let inherited = self.0.settings.inherited(self.0.deadline);
        Bounds { deadline: self.0.deadline, inherited, catch: self.catch(code) }
    }

    fn catch(&self, code: UserCode) -> Catch {
        Catch { code, method: self.0.method, hook: self.0.settings.on_panic.clone() }
    }
}

async fn single_message(requests: Request<Incoming>) -> Result<Request<Encoded>, Status> {
    let (metadata, mut extensions, mut messages) = requests.into_parts();
    let message = messages.single_message("request").await?;
    compression::note(&mut extensions, messages.was_compressed());
    Ok(Request::from_parts(metadata, extensions, message))
}

fn decode<Q: Message + Default>(request: Request<Encoded>) -> Result<Request<Q>, Status> {
    let (metadata, extensions, message) = request.into_parts();
    Ok(Request::from_parts(metadata, extensions, message.decode()?))
}
