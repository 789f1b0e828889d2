//! Channels: a way to reach a server, with settings, from which calls are made.

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

/// A way to call a server: cheap to clone, without type parameters, shared by any number of clients and calls.
///
/// It comes from [`Channel::connect`], from a [`tonic::transport::Channel`], or from any other tower service of
/// `http::Request<tonic::body::Body>`. A [`ServiceServer`](crate::ServiceServer) is one too, so a client can call it in process, without a socket; a
/// request's extensions then arrive at the handler with the request. With no layer between them, a call does not even become HTTP, unless it
/// is compressed or a service config may repeat it: its messages go from one side to the other one by one, and its metadata is what the two
/// sides put there, without headers such as `content-type`.
///
/// Settings apply to every call of every client made from the channel. A call can set its own instead.
///
/// A call that no server can have processed, because it never left or because the server said so (`REFUSED_STREAM`, a GOAWAY below its
/// stream), is sent again at once: the transparent retries of [gRFC A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md).
/// A request that reached a server's library is sent at most twice. Of a stream of requests, as much is kept for that as [`Channel::retry_buffer`] says;
/// one that has sent more is not sent again.
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

/// The state that all clones of a channel share, so that a call takes one reference.
#[derive(Debug, Clone)]
struct ChannelParts {
    transport: Transport,
    settings: ChannelSettings,
}

impl Channel {
    /// A channel over any tower service that carries gRPC requests.
    #[must_use]
    pub fn new(service: impl HttpService) -> Self {
        let settings = ChannelSettings::of(&service);
        Self(Arc::new(ChannelParts { transport: Transport::new(service), settings }))
    }

    /// Wraps the transport of this channel in a tower layer; its settings stay.
    ///
    /// The layer sees every call as an HTTP request, with the [`MethodDescriptor`](crate::MethodDescriptor) and tonic's `GrpcMethod` in its extensions.
    #[must_use]
    pub fn layer(self, layer: impl Layer<Transport, Service: HttpService>) -> Self {
        let ChannelParts { transport, settings } = Arc::unwrap_or_clone(self.0);
        let knows_its_end = transport.knows_its_end();
        let transport = Transport::new(layer.layer(transport)).over(knows_its_end);
        Self(Arc::new(ChannelParts { transport, settings }))
    }

    /// Runs `interceptor` around every call, inside of those that were added before: it can change metadata, wait, answer in place of the
    /// server, run the call again, and see its outcome.
    ///
    /// It sees a call once, however often that is sent; layers see every attempt. See [`intercept`](crate::intercept) for the order.
    #[must_use]
    pub fn intercept(self, interceptor: impl Intercept) -> Self {
        self.set(|settings| settings.intercept(interceptor))
    }

    /// Has tonic's `interceptor` look at every request before it is sent: it can change metadata and extensions, or end the call with a
    /// status. It is a [`layer`](Self::layer), so that it sees every attempt; [`Channel::intercept`] takes those that see more.
    ///
    /// The interceptor added last is the first to run.
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

    /// The service under this channel, without the channel's settings.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.0.transport.clone()
    }

    pub(crate) fn transport_ref(&self) -> &Transport {
        &self.0.transport
    }

    /// Adds `service` to the extensions of every request, where [`ServiceDescriptor::of`] finds it.
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

    /// Limits every call to this time, from when it is awaited to its last message, unless the call has a timeout or a deadline of its
    /// own. Default: no limit.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.timeout = Some(timeout))
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

    /// Compresses requests, and lets the server compress responses the same. A server that does not accept `encoding` answers
    /// `UNIMPLEMENTED`. Default: uncompressed.
    #[must_use]
    pub fn send_compressed(self, encoding: CompressionEncoding) -> Self {
        self.set(|settings| settings.send_compressed(Some(encoding)))
    }

    /// Sends requests uncompressed, which is the default.
    pub(crate) fn send_uncompressed(self) -> Self {
        self.set(|settings| settings.send_compressed(None))
    }

    /// Compresses only requests of more than `size` bytes: a compressed message of a few dozen is larger than it was. Default: 0, all but
    /// empty ones.
    ///
    /// [`MessageCompression`](crate::compression::MessageCompression), in the extensions of a request, turns compression off for it or for
    /// one of its messages; [`Call::send_uncompressed`](crate::Call::send_uncompressed) for one call.
    #[must_use]
    pub fn compress_above(self, size: usize) -> Self {
        self.set(|settings| settings.messages.compress_above = size)
    }

    /// Lets the server compress responses with `encoding`. Every use adds one, the preferred one first. Default: that of
    /// [`send_compressed`](Self::send_compressed), or uncompressed.
    #[must_use]
    pub fn accept_compressed(self, encoding: CompressionEncoding) -> Self {
        self.set(|settings| settings.ask_compressed(encoding))
    }

    /// Puts the scheme and authority of `origin` into every request, and its path before the method's, for a transport that does not
    /// know where it goes. Default: neither, which a connected channel fills in.
    ///
    /// With an `origin` that has only one of scheme and authority, every call ends with `INTERNAL`.
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

    /// The responses that this channel's calls can take.
    pub(crate) fn acceptable(&self) -> Acceptable<'_> {
        Acceptable {
            limit: self.settings().messages.max_received,
            encodings: &self.settings().messages.accepted,
            knows_its_end: self.transport_ref().knows_its_end(),
        }
    }
}

/// A channel over any tower service, as [`Channel::new`] makes it.
///
/// It covers every type that is such a service. So no other conversion into a channel, except from this crate's own types, can be added
/// without a major version.
impl<S: HttpService> From<S> for Channel {
    fn from(service: S) -> Self {
        Self::new(service)
    }
}
