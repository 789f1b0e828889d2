//! Serves an implementation of a generated service as a tower service.

mod bounds;
mod call;
mod dispatch;
mod hold;
mod panics;
mod refusal;
mod request_body;
mod respond;
mod response;
mod response_future;
mod response_stream;
mod served;
mod settings;
mod tonic_interceptor;
mod trailers;

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use std::{fmt, mem};

use bytes::Bytes;
use http_body::Body as HttpBody;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::server::NamedService;
use tonic::service::Interceptor;
use tower_service::Service;

use crate::BoxError;
use crate::in_process::ServerFuture;
use crate::intercept::Intercept;
use served::Served;
use settings::ServerSettings;

pub(crate) use bounds::Bounds;
pub use call::ServerCall;
pub use dispatch::Dispatch;
pub(crate) use panics::{Catch, UserCode};
pub use panics::{HandlerPanic, PanicOrigin};
pub(crate) use refusal::refusal;
pub(crate) use request_body::RequestBody;
pub(crate) use response::Content;
pub use response::ServerResponse;
pub use response_future::{BoxResponseFuture, ResponseFuture, StreamingResponseFuture};
pub use trailers::Trailers;

/// Serves an implementation of a service: a tower service for `rgrpc::serve` or tonic's `Server`, which layers can wrap and clients can call
/// in process.
///
/// Generated code has an alias for it: `UserServiceServer<T>` is `ServiceServer<T, UserServiceRoutes>`, where `UserServiceRoutes` passes each
/// call to its method.
///
/// ```no_run
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::user_service_server::{UserService, UserServiceServer};
/// # async fn example(users: impl UserService) -> Result<(), Box<dyn std::error::Error>> {
/// let users = UserServiceServer::new(users).max_decoding_message_size(16 * 1024 * 1024);
/// rgrpc::tonic::transport::Server::builder().add_service(users).serve("[::1]:50051".parse()?).await?;
/// # Ok(())
/// # }
/// ```
///
/// # How calls end
///
/// When the `grpc-timeout` of a call expires, the server drops the handler's future or its stream of responses, and the call ends with
/// `DEADLINE_EXCEEDED`; a call that arrives too late does not start. Handlers find the remaining time with
/// [`Deadline::of`](crate::Deadline::of). The timer fires 1 ms early, because tonic's transport has a timer of its own, which would end the
/// call with `CANCELLED`. A malformed `grpc-timeout` is ignored.
///
/// A request that is not a call gets an HTTP error: 405 for a method other than POST, 415 for a content type that is not gRPC's. A path with a
/// query, or of a method that the service does not have, is `UNIMPLEMENTED`. A handler that panics ends only its own call, with `UNKNOWN`;
/// see [`ServiceServer::on_panic`].
///
/// A panic in a task that the handler spawned is not a panic of the handler. If the task feeds a stream of responses through a channel, that
/// stream just ends, with `OK`, as if it were complete. Use a [`streaming::channel`](crate::streaming::channel) instead, and return
/// `Streaming::from` it: such a stream ends with an error unless its sender has finished.
///
/// Up to 6 KiB of the encoded text of a status are sent: by default, gRPC's clients refuse trailers of more than 8 KiB, and lose the code with
/// them. Metadata that a handler passes on from another call is sent without the headers that describe the connection, the length or the
/// encoding of that call.
///
/// # With tonic's server
///
/// Set `TcpIncoming::with_nodelay(Some(true))` for a TCP listener of your own: without it, small calls take 40 ms.
///
/// Small messages that wait for their handler cost more than their bytes. With a connection window of 1 MiB, tonic's default, h2 lets about
/// 2,000 of them wait, and then closes the connection with `too_many_data_frames`. For streams of small messages, set a larger
/// `initial_connection_window_size`: 16 MiB is enough for 35,000.
///
/// A client of grpcio over a Unix socket needs the option `grpc.default_authority`, such as `localhost`: without it, grpcio sends the path
/// of the socket, which is not a valid authority in HTTP/2.
///
/// # Malicious clients
///
/// The server refuses a message that is too large by the length in its prefix, before reading it, and a compressed one as soon as its contents
/// exceed the limit. A client that reads nothing stops its handler: the server holds one message of each of its streams, and up to 32 KiB of
/// messages before it.
///
/// `rgrpc::serve` limits connections, their calls and unread responses by default. tonic's `Server` limits the streams of each connection only
/// with `max_concurrent_streams(n)`, and closes connections whose client is gone only with `http2_keepalive_interval` and
/// `http2_keepalive_timeout`. The listener has to limit the number of connections.
pub struct ServiceServer<T, D> {
    served: Arc<Served<T, D>>,
}

impl<T, D> ServiceServer<T, D> {
    /// Serves `service`.
    #[must_use]
    pub fn new(service: T) -> Self {
        Self::from_arc(Arc::new(service))
    }

    /// Serves a `service` that is shared with other code.
    #[must_use]
    pub fn from_arc(service: Arc<T>) -> Self {
        Self::of(service, Arc::default())
    }

    /// Limits every call to this time, from its arrival to its last message, or to the timeout of its client if that is shorter. Default: only
    /// the timeout of the client.
    ///
    /// A call that takes longer ends with `DEADLINE_EXCEEDED`. Its handler finds the deadline with [`Deadline::of`](crate::Deadline::of).
    /// To limit some methods only, bring [`Head::deadline`](crate::intercept::Parts::deadline) forward in an interceptor.
    ///
    /// # Panics
    ///
    /// Calls panic outside of a tokio runtime with timers.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.timeout = Some(timeout))
    }

    /// Ends the calls that a handler makes, in its own task or in its stream of responses, no later than the call that it answers. Default: they
    /// have only the deadlines that are set on them.
    ///
    /// A handler can shorten the remaining time, but not extend it. Tasks that it spawns do not inherit the deadline: see [`Deadline::scope`].
    /// For work that other callers wait for too, see [`Deadline::detach`].
    ///
    /// [`Deadline::scope`]: crate::Deadline::scope
    /// [`Deadline::detach`]: crate::Deadline::detach
    ///
    /// ```
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::user_service_server::{UserService, UserServiceServer};
    /// # fn example(users: impl UserService) {
    /// let users = UserServiceServer::new(users).inherit_deadlines();
    /// # }
    /// ```
    #[must_use]
    pub fn inherit_deadlines(self) -> Self {
        self.set(|settings| settings.inherits = true)
    }

    /// Limits the size of a received message, in bytes, both compressed and decompressed. Default: 4 MiB.
    ///
    /// A larger one ends the call with `RESOURCE_EXHAUSTED`.
    #[must_use]
    pub fn max_decoding_message_size(self, limit: usize) -> Self {
        self.set(|settings| settings.messages.max_received = Some(limit))
    }

    /// Limits the size of a sent message, in bytes before compression. Default: gRPC's own limit of 4 GiB.
    ///
    /// A larger one ends the call with `RESOURCE_EXHAUSTED`.
    #[must_use]
    pub fn max_encoding_message_size(self, limit: usize) -> Self {
        self.set(|settings| settings.messages.max_sent = Some(limit))
    }

    /// Accepts requests compressed with `encoding`, in addition to those added before. Default: none; a compressed request ends with
    /// `UNIMPLEMENTED`.
    #[must_use]
    pub fn accept_compressed(self, encoding: CompressionEncoding) -> Self {
        self.set(|settings| settings.messages.accepted.push(encoding))
    }

    /// Compresses responses with `encoding`, or with one added before, for clients that accept it. Default: none.
    #[must_use]
    pub fn send_compressed(self, encoding: CompressionEncoding) -> Self {
        self.set(|settings| settings.messages.used.push(encoding))
    }

    /// Compresses only messages of more than `size` bytes. Default: 0, which compresses all but empty messages.
    ///
    /// Compression makes a message of a few dozen bytes larger. To send one response or one message uncompressed, use
    /// [`MessageCompression`](crate::compression::MessageCompression).
    #[must_use]
    pub fn compress_above(self, size: usize) -> Self {
        self.set(|settings| settings.messages.compress_above = size)
    }

    /// Calls `report` for every panic of a handler, of its stream of responses or of an interceptor, also when one is dropped.
    ///
    /// The caller receives `UNKNOWN`, without the text of the panic; the connection and its other calls go on. Like any panic, it also goes to
    /// the panic hook of the process, which prints it by default but does not know the method.
    ///
    /// ```
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::user_service_server::{UserService, UserServiceServer};
    /// # fn example(users: impl UserService) {
    /// let users = UserServiceServer::new(users)
    ///     .on_panic(|panic| eprintln!("{:?} of {:?}: {}", panic.origin(), panic.method().map(|method| method.path()), panic.message()));
    /// # }
    /// ```
    #[must_use]
    pub fn on_panic(self, report: impl Fn(HandlerPanic<'_>) + Send + Sync + 'static) -> Self {
        self.set(|settings| settings.on_panic = Some(Arc::new(report)))
    }

    /// Runs `interceptor` around every call, inside of the interceptors added before. It can change metadata, wait, answer in place of the
    /// handler, and see the outcome, also of calls to methods that the service does not have.
    ///
    /// See [`intercept`](crate::intercept) for the order.
    #[must_use]
    pub fn intercept(self, interceptor: impl Intercept) -> Self
    where
        D: Dispatch<T>,
    {
        interceptor.describe(D::DESCRIPTOR);
        self.set(|settings| settings.interceptors = mem::take(&mut settings.interceptors).with(interceptor))
    }

    /// Runs one of tonic's interceptors before the handler of every call. It can change metadata and extensions, or end the call with a status.
    /// Those of [`ServiceServer::intercept`] also see the outcome; they run first.
    ///
    /// Interceptors run in the order in which they were added. Unlike in tonic's `InterceptedService` around a server, the extensions hold the
    /// [`MethodDescriptor`](crate::MethodDescriptor) and the [`ServiceDescriptor`](crate::ServiceDescriptor).
    ///
    /// ```
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::user_service_server::{UserService, UserServiceServer};
    /// use rgrpc::{Request, Status};
    ///
    /// # fn example(users: impl UserService) {
    /// let users = UserServiceServer::new(users).with_interceptor(|request: Request<()>| {
    ///     match request.metadata().get("authorization") {
    ///         Some(_) => Ok(request),
    ///         None => Err(Status::unauthenticated("no token")),
    ///     }
    /// });
    /// # }
    /// ```
    #[must_use]
    pub fn with_interceptor<I>(self, interceptor: I) -> Self
    where
        I: Interceptor + Clone + Send + Sync + 'static,
    {
        self.set(|settings| settings.tonic_interceptors.push(Arc::new(interceptor)))
    }

    fn set(self, change: impl FnOnce(&mut ServerSettings)) -> Self {
        let mut settings = self.served.settings.clone();
        change(Arc::make_mut(&mut settings));
        Self::of(self.served.service.clone(), settings)
    }

    fn of(service: Arc<T>, settings: Arc<ServerSettings>) -> Self {
        Self { served: Arc::new(Served { service, settings, dispatch: PhantomData }) }
    }
}

impl<T, D> Clone for ServiceServer<T, D> {
    fn clone(&self) -> Self {
        Self { served: self.served.clone() }
    }
}

impl<T, D> fmt::Debug for ServiceServer<T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceServer").finish_non_exhaustive()
    }
}

impl<T, D: Dispatch<T>> NamedService for ServiceServer<T, D> {
    const NAME: &'static str = D::DESCRIPTOR.name();
}

impl<T, D, B> Service<http::Request<B>> for ServiceServer<T, D>
where
    T: Send + Sync + 'static,
    D: Dispatch<T>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = ServerFuture<Self>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> ServerFuture<Self> {
        ServerFuture::new(self.served.clone(), request.map(Body::new))
    }
}
