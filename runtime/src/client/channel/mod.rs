//! Channels: a transport with settings, from which clients make calls.

mod calls;
mod connect;
mod local;
mod policies;
mod settings;

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use tonic::codec::CompressionEncoding;
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptorLayer;
use tower_layer::Layer;

use crate::grpc::Acceptable;
use crate::intercept::Intercept;
use crate::{HttpService, ServiceDescriptor, Transport};

#[cfg(feature = "channel")]
pub use connect::{Connect, ConnectError, Destination};
pub(crate) use settings::ChannelSettings;
#[cfg(feature = "retry")]
pub(crate) use settings::ConfigSource;

/// The transport and settings of clients: cheap to clone, and shared by any number of clients and calls.
///
/// [`Channel::connect`] connects to one server, and `Channel::target`, of the feature `balance`, to many. [`Channel::new`] takes a
/// [`tonic::transport::Channel`] or any other tower service of `http::Request<tonic::body::Body>`.
///
/// A [`ServiceServer`](crate::ServiceServer) is such a service, so a client can call it in process, without a socket. The extensions of a
/// request then reach the handler. Unless there is a layer between them, the call is compressed, or a service config may retry it, no HTTP
/// is involved: messages pass one by one, and metadata has no headers such as `content-type`.
///
/// Settings apply to all calls of all clients of the channel. The setters of a [`Call`](crate::Call) override them.
///
/// # Transparent retries
///
/// A call that no server can have processed is sent again at once: one that never left, or that the server refused (`REFUSED_STREAM`, or a
/// GOAWAY below its stream). A request that reached the server is sent at most twice. These are the transparent retries of
/// [gRFC A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md). A stream of requests is sent again only as long as it fits
/// into the [retry buffer](Channel::retry_buffer).
///
/// # Example
///
#[cfg_attr(feature = "gzip", doc = "```no_run")]
#[cfg_attr(not(feature = "gzip"), doc = "```ignore")]
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, user_service_client::UserServiceClient};
/// use rgrpc::{Channel, CompressionEncoding};
/// use std::time::Duration;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let channel = Channel::connect("http://[::1]:50051")
///     .await?
///     .timeout(Duration::from_secs(10))
///     .max_decoding_message_size(16 * 1024 * 1024)
///     .accept_compressed(CompressionEncoding::Gzip);
/// let users = UserServiceClient::new(channel);
/// let user = users.get_user(GetUserRequest { user_id: "7".into() }).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Channel(Arc<ChannelParts>);

/// One allocation for all clones, so that a call clones a single reference.
#[derive(Debug, Clone)]
struct ChannelParts {
    transport: Transport,
    settings: ChannelSettings,
}

impl Channel {
    /// Makes a channel of any tower service that carries gRPC requests.
    #[must_use]
    pub fn new(service: impl HttpService) -> Self {
        let settings = ChannelSettings::of(&service);
        Self(Arc::new(ChannelParts { transport: Transport::new(service), settings }))
    }

    /// Wraps the transport of this channel in a tower layer. The settings stay.
    ///
    /// The layer sees every attempt of a call as an HTTP request. The extensions of the request have the
    /// [`MethodDescriptor`](crate::MethodDescriptor) and tonic's `GrpcMethod`.
    #[must_use]
    pub fn layer(self, layer: impl Layer<Transport, Service: HttpService>) -> Self {
        let ChannelParts { transport, settings } = Arc::unwrap_or_clone(self.0);
        let knows_its_end = transport.knows_its_end();
        let transport = Transport::new(layer.layer(transport)).over(knows_its_end);
        Self(Arc::new(ChannelParts { transport, settings }))
    }

    /// Runs `interceptor` around every call, inside of interceptors that were added before. It can change metadata, wait, answer instead of the
    /// server, run the call again, and see its outcome.
    ///
    /// An interceptor sees a call once, and layers see every attempt. See [`intercept`](crate::intercept) for the order.
    #[must_use]
    pub fn intercept(self, interceptor: impl Intercept) -> Self {
        self.set(|settings| settings.intercept(interceptor))
    }

    /// Runs one of tonic's interceptors on every request: it can change metadata and extensions, or end the call with a status.
    ///
    /// It is a [`layer`](Self::layer), so it sees every attempt, and the one added last runs first. [`Channel::intercept`] takes interceptors
    /// that also see responses.
    ///
    /// ```
    /// # fn example(channel: rgrpc::Channel) {
    /// use rgrpc::{Request, Status};
    ///
    /// let channel = channel.with_interceptor(|mut request: Request<()>| {
    ///     let token = "Bearer abc".parse().map_err(|_| Status::internal("not ASCII"))?;
    ///     request.metadata_mut().insert("authorization", token);
    ///     Ok(request)
    /// });
    /// # }
    /// ```
    #[must_use]
    pub fn with_interceptor<I>(self, interceptor: I) -> Self
    where
        I: Interceptor + Clone + Send + Sync + 'static,
    {
        self.layer(InterceptorLayer::new(interceptor))
    }

    /// The transport of this channel, without its settings.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.0.transport.clone()
    }

    pub(crate) fn transport_ref(&self) -> &Transport {
        &self.0.transport
    }

    /// Adds the descriptor `service` to the extensions of every request, for [`ServiceDescriptor::of`]. Generated clients call this.
    #[must_use]
    pub fn for_service(self, service: &'static ServiceDescriptor) -> Self {
        self.settings().interceptors.describe(service);
        self.set(|settings| {
            settings.service = Some(service);
            #[cfg(feature = "retry")]
            {
                settings.generated_config = None;
            }
        })
    }

    /// Limits the time of every call, from when it is awaited to its last message, unless the call sets a timeout or a deadline itself.
    /// Default: no limit.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.timeout = Some(timeout))
    }

    /// Limits the size of a received message, in bytes, both before and after decompression. Default: 4 MiB.
    ///
    /// A call with a larger message ends with `RESOURCE_EXHAUSTED`.
    #[must_use]
    pub fn max_decoding_message_size(self, limit: usize) -> Self {
        self.set(|settings| settings.messages.max_received = Some(limit))
    }

    /// Limits the size of a sent message, in bytes before compression. Default: 4 GiB, the limit of gRPC.
    ///
    /// A call with a larger message ends with `RESOURCE_EXHAUSTED`.
    #[must_use]
    pub fn max_encoding_message_size(self, limit: usize) -> Self {
        self.set(|settings| settings.messages.max_sent = Some(limit))
    }

    /// Compresses requests with `encoding`, and accepts responses compressed with it. Default: no compression.
    ///
    /// A server that does not support `encoding` answers `UNIMPLEMENTED`.
    #[must_use]
    pub fn send_compressed(self, encoding: CompressionEncoding) -> Self {
        self.set(|settings| settings.send_compressed(Some(encoding)))
    }

    /// Sends requests uncompressed, which is the default.
    pub(crate) fn send_uncompressed(self) -> Self {
        self.set(|settings| settings.send_compressed(None))
    }

    /// Compresses only requests of more than `size` bytes; compressing a few dozen bytes makes them larger. Default: 0, which leaves out only
    /// empty messages.
    ///
    /// [`Call::send_uncompressed`](crate::Call::send_uncompressed) turns compression off for a call, and
    /// [`MessageCompression`](crate::compression::MessageCompression) in the extensions of a request for a single message.
    #[must_use]
    pub fn compress_above(self, size: usize) -> Self {
        self.set(|settings| settings.messages.compress_above = size)
    }

    /// Accepts responses compressed with `encoding`. Each call adds one, the preferred one first. Default: the encoding of
    /// [`send_compressed`](Self::send_compressed), if there is one.
    #[must_use]
    pub fn accept_compressed(self, encoding: CompressionEncoding) -> Self {
        self.set(|settings| settings.accept_compressed(encoding))
    }

    /// Sets the scheme and authority of every request, and a prefix of its path, for a transport that does not set them. Default: none;
    /// connections fill in scheme and authority.
    ///
    /// If `origin` has a scheme without an authority, or an authority without a scheme, every call ends with `INTERNAL`.
    #[must_use]
    pub fn origin(self, origin: Uri) -> Self {
        self.set(|settings| settings.origin = origin)
    }

    fn set(mut self, change: impl FnOnce(&mut ChannelSettings)) -> Self {
        change(&mut Arc::make_mut(&mut self.0).settings);
        self
    }

    pub(crate) fn settings(&self) -> &ChannelSettings {
        &self.0.settings
    }

    /// The responses that the calls of this channel accept.
    pub(crate) fn acceptable(&self) -> Acceptable<'_> {
        Acceptable {
            limit: self.settings().messages.max_received,
            encodings: &self.settings().messages.accepted,
            knows_its_end: self.transport_ref().knows_its_end(),
        }
    }
}

/// As [`Channel::new`].
///
/// This is a blanket implementation: only conversions from types of this crate can be added without a breaking change.
impl<S: HttpService> From<S> for Channel {
    fn from(service: S) -> Self {
        Self::new(service)
    }
}
