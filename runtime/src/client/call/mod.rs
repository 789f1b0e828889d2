//! Calls: values that are set up first, and run when awaited.

mod metadata;
mod output;
mod path;
mod prepared_call;
mod received_metadata;
mod run;
pub(crate) mod send;
mod single_response;

use std::any::Any;
use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::{Extensions, Response, Status};

use crate::client::attempt::Requests;
use crate::intercept::Intercept;
use crate::streaming::Started;
use crate::{BoxFuture, Channel, Deadline, MethodDescriptor, Streaming};

pub use output::CallOutput;
pub(crate) use prepared_call::PreparedCall;
pub use received_metadata::ReceivedMetadata;
pub(crate) use received_metadata::join;
pub(crate) use single_response::single_response;

/// A call with one request and one response; awaiting it gives `Result<Response<R>, Status>`.
pub type UnaryCall<R> = Call<R>;

/// A call with a stream of requests and one response; awaiting it gives `Result<Response<R>, Status>`.
///
/// [`streaming::channel`](crate::streaming::channel) makes a sender and the stream of its messages. Dropping the sender before it finishes
/// cancels the call.
pub type ClientStreamingCall<R> = Call<R>;

/// A call with one request and a stream of responses; awaiting it gives `Result<Response<Streaming<R>>, Status>`.
pub type ServerStreamingCall<R> = Call<Streaming<R>>;

/// A call with streams of requests and responses; awaiting it gives `Result<Response<Streaming<R>>, Status>`.
///
/// Awaiting it waits for the server's headers, which many servers send with their first response. If that response depends on requests, use
/// [`Call::start`] and a [`streaming::channel`](crate::streaming::channel) instead.
pub type BidiStreamingCall<R> = Call<Streaming<R>>;

/// A call, which runs when it is awaited and then gives `Result<Response<T>, Status>`.
///
/// `T` is the response message, or a [`Streaming`] of response messages. Nothing is sent before the call is awaited or
/// [started](Call::start). Dropping the awaited future, or the stream of responses, cancels the call and drops the server's handler.
///
/// Settings of the call override those of the [`Channel`]. A setting that is invalid ends the call with `INTERNAL` when it is awaited.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, User, user_service_client::UserServiceClient};
/// use rgrpc::Status;
/// use std::time::Duration;
///
/// # async fn example(client: UserServiceClient) -> Result<User, Status> {
/// let request = GetUserRequest { user_id: "7".into() };
/// let user = client.get_user(request).timeout(Duration::from_secs(5)).metadata("trace-id", "abc").await?.into_inner();
/// # Ok(user)
/// # }
/// ```
///
/// `tokio::join!`, `tokio::select!` and `tokio::time::timeout` take calls as they are, and `tokio::spawn` takes `call.into_future()`.
#[must_use = "a call is not sent before it is awaited or started"]
pub struct Call<T> {
    prepared: PreparedCall,
    response: PhantomData<fn() -> T>,
}

impl<T> Call<T> {
    pub(crate) fn new(
        channel: Channel,
        method: &'static MethodDescriptor,
        metadata: MetadataMap,
        extensions: Extensions,
        requests: Requests,
    ) -> Self {
        Self { prepared: PreparedCall::new(channel, method, metadata, extensions, requests), response: PhantomData }
    }

    /// Limits the time of the call, from when it is awaited to its last message. Default: the timeout of the channel, or none.
    ///
    /// A call that takes longer ends with `DEADLINE_EXCEEDED`, and so does its stream of responses. The header `grpc-timeout` tells the
    /// server. Timers have a resolution of 1 ms.
    ///
    /// # Panics
    ///
    /// When awaited outside of a tokio runtime with timers.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.prepared.timeout = Some(timeout);
        self
    }

    /// Ends the call with `DEADLINE_EXCEEDED` at `deadline`. `None` changes nothing. If the call has a timeout too, the earlier one applies.
    ///
    /// A handler passes on the deadline of its own request with `.deadline(Deadline::of(request.extensions()))`.
    ///
    /// # Panics
    ///
    /// When awaited outside of a tokio runtime with timers.
    pub fn deadline(self, deadline: impl Into<Option<Deadline>>) -> Self {
        match deadline.into() {
            Some(deadline) => self.extension(deadline),
            None => self,
        }
    }

    /// Ends the call with `CANCELLED`, on both sides, when `token` is cancelled: before it is sent, while it waits, or within its stream of
    /// responses. One token can cancel many calls.
    ///
    /// ```
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::{GetUserRequest, user_service_client::UserServiceClient};
    /// use rgrpc::{CancellationToken, Status};
    ///
    /// # async fn example(client: UserServiceClient) -> Result<(), Status> {
    /// let token = CancellationToken::new();
    /// let mut users = client.list_users(GetUserRequest::default()).cancelled_by(&token).await?.into_inner();
    /// // Elsewhere: token.cancel();
    /// while let Some(user) = users.message().await? {
    ///     println!("{user:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn cancelled_by(mut self, token: &CancellationToken) -> Self {
        self.prepared.token = Some(token.clone());
        self
    }

    /// Sets the metadata `key` to `value`, and replaces other values of the key.
    ///
    /// If the key is invalid or the value is not visible ASCII, the call ends with `INTERNAL` and is not sent. Keys that end in `-bin` need
    /// [`Call::metadata_bin`].
    pub fn metadata(mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let inserted = metadata::insert_ascii(&mut self.prepared.metadata, key.as_ref(), value.as_ref());
        self.refuse(inserted);
        self
    }

    /// Sets the binary metadata `key` to the bytes `value`, and replaces other values of the key.
    ///
    /// If the key is invalid or does not end in `-bin`, the call ends with `INTERNAL` and is not sent.
    pub fn metadata_bin(mut self, key: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        let inserted = metadata::insert_binary(&mut self.prepared.metadata, key.as_ref(), value.as_ref());
        self.refuse(inserted);
        self
    }

    /// Adds a value to the extensions of the request, for interceptors, layers and, in process, the handler.
    pub fn extension(mut self, value: impl Any + Clone + Send + Sync) -> Self {
        self.prepared.extensions.insert(value);
        self
    }

    /// Limits the size of a received message, in bytes, both before and after decompression. Default: the channel's limit, or 4 MiB.
    pub fn max_decoding_message_size(self, limit: usize) -> Self {
        self.over(|channel| channel.max_decoding_message_size(limit))
    }

    /// Limits the size of a sent message, in bytes before compression. Default: the channel's limit, or 4 GiB, the limit of gRPC.
    pub fn max_encoding_message_size(self, limit: usize) -> Self {
        self.over(|channel| channel.max_encoding_message_size(limit))
    }

    /// Compresses requests with `encoding`, and accepts responses compressed with it. Default: the channel's setting.
    ///
    /// A server that does not support `encoding` answers `UNIMPLEMENTED`.
    pub fn send_compressed(self, encoding: CompressionEncoding) -> Self {
        self.over(|channel| channel.send_compressed(encoding))
    }

    /// Sends requests uncompressed, whatever the channel's setting.
    ///
    /// For single messages of a stream, put [`MessageCompression`](crate::compression::MessageCompression) into the extensions of the request.
    pub fn send_uncompressed(self) -> Self {
        self.over(Channel::send_uncompressed)
    }

    /// Compresses only requests of more than `size` bytes. Default: the channel's setting.
    pub fn compress_above(self, size: usize) -> Self {
        self.over(|channel| channel.compress_above(size))
    }

    /// Accepts responses compressed with `encoding`, in addition to the encodings that the channel accepts.
    pub fn accept_compressed(self, encoding: CompressionEncoding) -> Self {
        self.over(|channel| channel.accept_compressed(encoding))
    }

    /// Starts the call without waiting for the server's headers: it becomes its stream of responses, or the future of its one response.
    ///
    /// Awaiting a call with a stream of responses waits for the headers. Many servers (grpc-java, grpcio, grpc-js, C++) send them with their
    /// first response. If that response depends on requests that are not sent yet, start the call, and send its requests through a
    /// [`streaming::channel`](crate::streaming::channel).
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with timers, if the call has a timeout or a deadline.
    pub fn start(self) -> Started<T>
    where
        T: CallOutput,
    {
        let requests = self.prepared.requests.link();
        let started = Started::new(self.into_future());
        if let Some(requests) = requests {
            requests.start(started.drive());
        }
        started
    }

    /// Limits how much of a stream of requests is buffered for retries, in bytes. Default: the channel's limit, or 64 KiB less one byte.
    pub fn retry_buffer(self, bytes: usize) -> Self {
        self.over(|channel| channel.retry_buffer(bytes))
    }

    /// Enables or disables the retries and hedging of the service config. Default: the channel's setting, or enabled.
    ///
    /// [Transparent retries](Channel#transparent-retries) cannot be disabled.
    #[cfg(feature = "retry")]
    pub fn retries(self, enabled: bool) -> Self {
        self.over(|channel| channel.retries(enabled))
    }

    /// Runs `interceptor` around this call, inside of the channel's interceptors and of those that were added before.
    ///
    /// See [`intercept`](crate::intercept) for the order.
    pub fn intercept(self, interceptor: impl Intercept) -> Self {
        self.over(|channel| channel.intercept(interceptor))
    }

    /// The method that is called.
    #[cfg(feature = "testing")]
    pub(crate) fn method(&self) -> &'static MethodDescriptor {
        self.prepared.method
    }

    fn over(self, change: impl FnOnce(Channel) -> Channel) -> Self {
        Self { prepared: PreparedCall { channel: change(self.prepared.channel), ..self.prepared }, ..self }
    }

    fn refuse(&mut self, setting: Result<(), Status>) {
        if let Err(status) = setting {
            self.prepared.refused.get_or_insert(status);
        }
    }
}

impl<T: CallOutput> IntoFuture for Call<T> {
    type Output = Result<Response<T>, Status>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        self.prepared.compress();
        T::run(self.prepared)
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.prepared.method.path())
            .field("timeout", &self.prepared.timeout)
            .finish_non_exhaustive()
    }
}
