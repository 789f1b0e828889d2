//! Compression of single messages: turning it off, and finding out whether a received message was compressed.
//!
//! Compression is negotiated for a call, but applies to each message: "A Compressed-Flag of 0 indicates no encoding of the message". So a
//! message can be sent uncompressed although its channel or server compresses: because it is compressed already, or because it has secrets
//! next to text that an attacker chooses.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tonic::Extensions;
use tonic::codec::{CompressionEncoding, SingleMessageCompressionOverride};

/// Turns compression off and on for the messages of a request or response.
///
/// It has no effect if the call is not compressed. To turn compression off for all messages, tonic's `Response::disable_compression` works
/// too.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, User};
/// use rgrpc::{Request, Response, ServerStream, Status, compression::MessageCompression};
/// use tokio_stream::StreamExt;
///
/// async fn list_users(request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
///     let mut response = Response::new(());
///     let compression = MessageCompression::of(response.extensions_mut());
///     let users = tokio_stream::iter((0..3).map(|n| User { id: "7".into(), n }));
///     Ok(response.map(|()| {
///         users.map(move |user| {
///             compression.set(user.n > 0);
///             Ok(user)
///         })
///     }))
/// }
/// ```
#[derive(Debug, Clone)]
pub struct MessageCompression(Arc<AtomicBool>);

impl MessageCompression {
    /// The switch of the request or response with these extensions. It is on at first.
    #[must_use]
    pub fn of(extensions: &mut Extensions) -> Self {
        extensions.get_or_insert_with(|| Self(Arc::new(AtomicBool::new(true)))).clone()
    }

    /// Sets whether the next message is compressed. In a stream, the setting applies to messages that it returns from now on.
    pub fn set(&self, on: bool) {
        self.0.store(on, Ordering::Relaxed);
    }
}

/// Whether the single message of the request or response with these extensions was received compressed.
///
/// For streams, see [`Streaming::was_compressed`](crate::Streaming::was_compressed).
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, User};
/// use rgrpc::{Request, Response, Status, compression::was_compressed};
///
/// async fn get_user(request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
///     if !was_compressed(request.extensions()) {
///         return Err(Status::invalid_argument("compress large requests"));
///     }
///     Ok(Response::new(User::default()))
/// }
/// ```
#[must_use]
pub fn was_compressed(extensions: &Extensions) -> bool {
    extensions.get::<WasCompressed>().is_some()
}

/// Marks a request or response whose single message was compressed, in its extensions.
#[derive(Clone)]
struct WasCompressed;

pub(crate) fn note(extensions: &mut Extensions, was_compressed: bool) {
    if was_compressed {
        extensions.insert(WasCompressed);
    }
}

/// The compression of the messages of a request or response.
#[derive(Debug)]
pub(crate) struct Compressing {
    pub(crate) encoding: CompressionEncoding,
    above: usize,
    choice: Option<MessageCompression>,
}

impl Compressing {
    /// The compression with `encoding` of messages of more than `above` bytes, unless the `extensions` turn it off. Their settings are removed.
    pub(crate) fn take(
        encoding: Option<CompressionEncoding>,
        above: usize,
        extensions: &mut Extensions,
    ) -> Option<Self> {
        if extensions.is_empty() {
            return Some(Self { encoding: encoding?, above, choice: None });
        }
        let choice = extensions.remove();
        match extensions.remove() {
            Some(SingleMessageCompressionOverride::Disable) => None,
            _ => Some(Self { encoding: encoding?, above, choice }),
        }
    }

    /// The encoding of a message of `len` bytes, if it is compressed.
    pub(crate) fn of(&self, len: usize) -> Option<CompressionEncoding> {
        let is_on = |choice: &MessageCompression| choice.0.load(Ordering::Relaxed);
        (len > self.above && self.choice.as_ref().is_none_or(is_on)).then_some(self.encoding)
    }
}
