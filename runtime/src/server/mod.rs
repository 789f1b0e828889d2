//! Makes a tower service of an implementation of a service, and settings.

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
pub use panics::HandlerPanic;
pub(crate) use panics::{Catch, UserCode};
pub(crate) use refusal::refusal;
pub(crate) use request_body::RequestBody;
pub(crate) use response::Content;
pub use response::ServerResponse;
pub use response_future::{BoxResponseFuture, ResponseFuture, StreamingResponseFuture};
pub use trailers::Trailers;

/// Serves an implementation of a service: a tower service that tonic's `Server` mounts, layers wrap and clients call in process.
///
/// Generated code names it by an alias, so `UserServiceServer<T>` is `ServiceServer<T, UserServiceRoutes>`, where `D` hands each call to its
/// method.
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
/// A call whose `grpc-timeout` passes is dropped, with the handler's future or its stream of responses, and ends with
/// `DEADLINE_EXCEEDED`; a call that comes too late does not start. Handlers find what is left in [`Deadline::of`](crate::Deadline::of).
/// The timer runs out 1 ms early, since tonic's transport has one of its own around it, which would answer `CANCELLED`. A `grpc-timeout`
/// that is malformed counts as none.
///
/// It runs calls only: it answers HTTP methods other than POST with 405, content types that are not gRPC's with 415, and a path with a
/// query, or of no method that it has, with `UNIMPLEMENTED`. A handler that panics ends its own call, with `UNKNOWN`; see
/// [`ServiceServer::on_panic`].
///
/// Of the text of a status, up to 6 KiB are sent, as it is encoded: gRPC's clients refuse trailers of more than 8 KiB unless they are told
/// otherwise, and with them the code. Metadata that a handler passes on from another call leaves out what is about the connection, the
/// length or the encoding of that one.
///
/// A task that a handler started is not the handler: where it panics, it drops its end of a channel, and a stream of what the channel
/// holds is then over as if it were complete, with `OK`. The stream of a [`streaming::channel`](crate::streaming::channel) is not, unless
/// its sender has finished: return `Streaming::from` it.
///
/// A server on a TCP listener of your own needs `TcpIncoming::with_nodelay(Some(true))`: without it, small calls take 40 ms.
///
/// Small messages that wait for their handler cost more than their bytes: of a connection window of 1 MiB, tonic's default, h2 lets some
/// 2,000 wait, and then closes the connection with `too_many_data_frames`. A server of streams of small messages needs a larger
/// `initial_connection_window_size`: 16 MiB are room for 35,000.
///
/// A client of grpcio over a unix socket needs the option `grpc.default_authority`, such as `localhost`: without it, grpcio sends the path
/// of the socket, which is no authority by HTTP/2.
///
/// # Clients that mean harm
///
/// The server refuses a message by the length that it announces, before reading it, and a compressed one as soon as its contents exceed
/// the limit. A client that reads nothing holds up its handler: of each of its streams, the server keeps one message, and up to
/// 32 KiB of others before it.
///
/// `rgrpc::serve` limits connections, their calls and unread responses by default. tonic's `Server` limits the number of streams only if it
/// is told to: `max_concurrent_streams(n)` sets the limit of each connection. `http2_keepalive_interval` and `http2_keepalive_timeout` end
/// connections whose client is gone. The listener has to limit the number of connections.
pub struct ServiceServer<T, D> {
    served: Arc<Served<T, D>>,
}

impl<T, D> ServiceServer<T, D> {
    /// Serves `service`.
    #[must_use]
    pub fn new(service: T) -> Self {
        Self::from_arc(Arc::new(service))
    }

    /// Serves a `service` that others hold as well.
    #[must_use]
    pub fn from_arc(service: Arc<T>) -> Self {
        Self::of(service, Arc::default())
    }

    /// Limits every call to this time, from its arrival to its last message; a client that sets less gets less. Default: as long as
    /// the client waits.
    ///
    /// A call that takes longer ends with `DEADLINE_EXCEEDED`. Its handler finds the deadline in [`Deadline::of`](crate::Deadline::of).
    /// For some methods only, an interceptor brings [`Head::deadline`](crate::intercept::Parts::deadline) forward.
    ///
    /// # Panics
    ///
    /// The server, when it is called outside of a tokio runtime with timers.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.timeout = Some(timeout))
    }

    /// Has the calls that a handler makes, in its own task and in its stream of responses, end no later than the call that it answers.
    /// Default: a call has the deadline that it is given.
    ///
    /// A handler can shorten what is left, and not extend it. A task that it spawns inherits nothing; see [`Deadline::scope`] and, for work
    /// that is not this caller's alone, [`Deadline::detach`].
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

    /// The largest message to receive, in bytes, both compressed and decompressed. Default: 4 MiB.
    #[must_use]
    pub fn max_decoding_message_size(self, limit: usize) -> Self {
        self.set(|settings| settings.messages.max_received = Some(limit))
    }

    /// The largest message to send, in bytes before compression. Default: no limit but gRPC's 4 GiB.
    #[must_use]
    pub fn max_encoding_message_size(self, limit: usize) -> Self {
        self.set(|settings| settings.messages.max_sent = Some(limit))
    }

    /// Accepts requests compressed with `encoding`; others end with `UNIMPLEMENTED`. Every use adds one. Default: none.
    #[must_use]
    pub fn accept_compressed(self, encoding: CompressionEncoding) -> Self {
        self.set(|settings| settings.messages.accepted.push(encoding))
    }

    /// Compresses responses with `encoding` for clients that accept it. Every use adds one. Default: none.
    #[must_use]
    pub fn send_compressed(self, encoding: CompressionEncoding) -> Self {
        self.set(|settings| settings.messages.used.push(encoding))
    }

    /// Compresses only messages of more than `size` bytes: a compressed message of a few dozen is larger than it was. Default: 0, all but
    /// empty ones.
    ///
    /// [`MessageCompression`](crate::compression::MessageCompression) turns it off for one response, or one message.
    #[must_use]
    pub fn compress_above(self, size: usize) -> Self {
        self.set(|settings| settings.messages.compress_above = size)
    }

    /// Calls `report` for every panic of a handler, of its stream of responses and of interceptors, also when they are dropped.
    ///
    /// The caller gets `UNKNOWN`, without the text of the panic; the connection, and other calls on it, go on. The panic also goes to the
    /// process's panic hook, as any other, which prints it by default; `report` knows the method.
    ///
    /// ```
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::user_service_server::{UserService, UserServiceServer};
    /// # fn example(users: impl UserService) {
    /// let users = UserServiceServer::new(users)
    ///     .on_panic(|panic| eprintln!("{:?} panicked: {}", panic.method().map(|method| method.path()), panic.message()));
    /// # }
    /// ```
    #[must_use]
    pub fn on_panic(self, report: impl Fn(HandlerPanic<'_>) + Send + Sync + 'static) -> Self {
        self.set(|settings| settings.on_panic = Some(Arc::new(report)))
    }

    /// Runs `interceptor` around every call, inside of those that were added before: it can change metadata, wait, answer in place of the
    /// handler, and see the outcome; also of calls of methods that the service does not have.
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

    /// Calls tonic's `interceptor` for every call before its handler: it can change metadata and extensions, or end the call with a
    /// status. [`ServiceServer::intercept`] takes those that see more, which are outside of these.
    ///
    /// Interceptors run in the order in which they were added. Unlike tonic's `InterceptedService` around a server, they find the
    /// [`MethodDescriptor`](crate::MethodDescriptor) and [`ServiceDescriptor`](crate::ServiceDescriptor) in the extensions.
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
