//! Chooses which messages are compressed, one by one, and tells whether a received one had been.
//!
//! Compression is negotiated for a call and used for each message: `A Compressed-Flag of 0 indicates no encoding of the message`, whatever
//! the headers say. A message can be left as it is here although its channel or server compresses: one that is compressed already, or one
//! with secrets beside text that an attacker has chosen.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tonic::Extensions;
use tonic::codec::{CompressionEncoding, SingleMessageCompressionOverride};

/// Turns compression off, and on again, for the messages of one request or response: from the first on, or from one to the next.
///
/// It changes nothing where nothing would be compressed. For one message, or all, tonic's `Response::disable_compression` does the same.
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
    /// The compression of the request or response with these extensions, which is on.
    #[must_use]
    pub fn of(extensions: &mut Extensions) -> Self {
        extensions.get_or_insert_with(|| Self(Arc::new(AtomicBool::new(true)))).clone()
    }

    /// Whether the next message is to be compressed. A stream is asked when it gives the message.
    pub fn set(&self, on: bool) {
        self.0.store(on, Ordering::Relaxed);
    }
}

/// Whether the one message of a request or a response with these extensions was compressed on its way here. Those of a stream have
/// [`Streaming::was_compressed`](crate::Streaming::was_compressed).
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, User};
/// use rgrpc::{Request, Response, Status, compression::was_compressed};
///
/// async fn get_user(request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
///     if !was_compressed(request.extensions()) {
///         return Err(Status::invalid_argument("large requests are to be compressed"));
///     }
///     Ok(Response::new(User::default()))
/// }
/// ```
#[must_use]
pub fn was_compressed(extensions: &Extensions) -> bool {
    extensions.get::<WasCompressed>().is_some()
}

/// Marks, in the extensions, the request or response whose one message was compressed.
#[derive(Clone)]
struct WasCompressed;

pub(crate) fn note(extensions: &mut Extensions, was_compressed: bool) {
    if was_compressed {
        extensions.insert(WasCompressed);
    }
}

/// How the messages of a request or a response are compressed.
#[derive(Debug)]
pub(crate) struct Compressing {
    pub(crate) encoding: CompressionEncoding,
    above: usize,
    choice: Option<MessageCompression>,
}

impl Compressing {
    /// With `encoding`, messages of more than `above` bytes, as was chosen for what has these `extensions`, out of which that is taken.
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

    /// The compression of a message of `len` bytes that is to be sent.
    pub(crate) fn of(&self, len: usize) -> Option<CompressionEncoding> {
        let is_on = |choice: &MessageCompression| choice.0.load(Ordering::Relaxed);
        (len > self.above && self.choice.as_ref().is_none_or(is_on)).then_some(self.encoding)
    }
}
