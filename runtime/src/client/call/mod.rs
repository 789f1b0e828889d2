//! Calls as values, which run when awaited.

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

/// A call of a method with one request and one response; awaiting it gives `Result<Response<R>, Status>`.
pub type UnaryCall<R> = Call<R>;

/// A call of a method with a stream of requests and one response; awaiting it gives `Result<Response<R>, Status>`.
///
/// [`streaming::channel`](crate::streaming::channel) makes a stream of requests to send into, which an upload that breaks off cancels.
pub type ClientStreamingCall<R> = Call<R>;

/// A call of a method with one request and a stream of responses; awaiting it gives `Result<Response<Streaming<R>>, Status>`.
pub type ServerStreamingCall<R> = Call<Streaming<R>>;

/// A call of a method with streams of requests and responses; awaiting it gives `Result<Response<Streaming<R>>, Status>`.
///
/// Awaited, it waits for the server's headers, which many servers send with their first response. To send requests before that, or
/// because of it, [`Call::start`] the call with a [`streaming::channel`](crate::streaming::channel).
pub type BidiStreamingCall<R> = Call<Streaming<R>>;

/// A call that runs when it is awaited, and gives `Result<Response<T>, Status>`.
///
/// `T` is the response message, or a [`Streaming`] of response messages. Nothing is sent before the call is awaited or
/// [started](Call::start). Dropping the awaited future, or the stream of responses, cancels the call: the server's handler is dropped.
///
/// A setting made here overrides that of the [`Channel`].
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
/// `tokio::join!`, `select!` and `timeout` take calls as they are; `tokio::spawn` takes `call.into_future()`.
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

    /// Limits the call to this time, from when it is awaited to its last message. Default: the channel's timeout, or none.
    ///
    /// A call that takes longer ends with `DEADLINE_EXCEEDED`, whether the server answers or not; so does its stream of responses. The
    /// server is told, in the header `grpc-timeout`. It has the precision of tokio's timers, 1 ms.
    ///
    /// # Panics
    ///
    /// When awaited outside of a tokio runtime with timers.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.prepared.timeout = Some(timeout);
        self
    }

    /// Ends the call at `deadline`, usually that of the request being handled: `.deadline(Deadline::of(request.extensions()))`.
    ///
    /// With a timeout as well, the sooner of the two counts. `None` changes nothing.
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

    /// Ends the call with `CANCELLED`, on both sides, once `token` is cancelled, wherever the call or its responses are then. One token
    /// can cancel many calls.
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

    /// Sends `value` as the metadata `key`, in place of values the request already has for it.
    ///
    /// If HTTP/2 cannot carry the key or the value, which is to be visible ASCII, the call ends with `INTERNAL` and is not sent. A key
    /// that ends in `-bin` belongs to [`Call::metadata_bin`].
    pub fn metadata(mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let inserted = metadata::insert_ascii(&mut self.prepared.metadata, key.as_ref(), value.as_ref());
        self.refuse(inserted);
        self
    }

    /// Sends the bytes `value` as the metadata `key`, in place of values the request already has for it.
    ///
    /// If `key` does not end in `-bin`, or HTTP/2 cannot carry it, the call ends with `INTERNAL` and is not sent.
    pub fn metadata_bin(mut self, key: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        let inserted = metadata::insert_binary(&mut self.prepared.metadata, key.as_ref(), value.as_ref());
        self.refuse(inserted);
        self
    }

    /// Adds a value to the request's extensions, for the interceptors and layers under the channel.
    pub fn extension(mut self, value: impl Any + Clone + Send + Sync) -> Self {
        self.prepared.extensions.insert(value);
        self
    }

    /// The largest message to receive, in bytes, both compressed and decompressed. Default: the channel's, or 4 MiB.
    pub fn max_decoding_message_size(self, limit: usize) -> Self {
        self.over(|channel| channel.max_decoding_message_size(limit))
    }

    /// The largest message to send, in bytes before compression. Default: the channel's, or no limit but gRPC's 4 GiB.
    pub fn max_encoding_message_size(self, limit: usize) -> Self {
        self.over(|channel| channel.max_encoding_message_size(limit))
    }

    /// Compresses requests, and lets the server compress responses the same. A server that does not accept `encoding` answers
    /// `UNIMPLEMENTED`. Default: the channel's.
    pub fn send_compressed(self, encoding: CompressionEncoding) -> Self {
        self.over(|channel| channel.send_compressed(encoding))
    }

    /// Sends requests uncompressed, whatever the channel's setting is. For single messages of a stream, there is
    /// [`MessageCompression`](crate::compression::MessageCompression) in the extensions of the request.
    pub fn send_uncompressed(self) -> Self {
        self.over(Channel::send_uncompressed)
    }

    /// Compresses only requests of more than `size` bytes. Default: the channel's.
    pub fn compress_above(self, size: usize) -> Self {
        self.over(|channel| channel.compress_above(size))
    }

    /// Lets the server compress responses with `encoding`, after those the channel accepts.
    pub fn accept_compressed(self, encoding: CompressionEncoding) -> Self {
        self.over(|channel| channel.accept_compressed(encoding))
    }

    /// Sends the call, and gives its responses before there are any: a call with a stream of responses becomes that stream, with its
    /// headers awaited on their own; a call with one response becomes a future of it.
    ///
    /// Awaited instead, a call with a stream of responses waits for the server's headers. Many servers (grpc-java, grpcio, grpc-js, C++)
    /// send those with their first response, which may be an answer to a request that is not sent yet: start such a call, and send its
    /// requests through a [`streaming::channel`](crate::streaming::channel).
    ///
    /// # Panics
    ///
    /// With a timeout or a deadline, outside of a tokio runtime with timers.
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

    /// Keeps at most this many bytes of a stream of requests for another attempt. Default: the channel's limit, or 64 KiB less a byte.
    pub fn retry_buffer(self, bytes: usize) -> Self {
        self.over(|channel| channel.retry_buffer(bytes))
    }

    /// Allows or forbids making the call more than once, as the service config of the channel says. Default: the channel's, or allowed.
    ///
    /// A call that no server has processed is sent again all the same.
    #[cfg(feature = "retry")]
    pub fn retries(self, allowed: bool) -> Self {
        self.over(|channel| channel.retries(allowed))
    }

    /// Runs `interceptor` around this call, inside of those of the channel, and of those that were added before.
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
