//! Takes the byte stream of a client, of whatever type; gives it without its type, with what handlers are told of it.

use http::Extensions;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tonic::transport::server::Connected;

/// Any byte stream.
pub(super) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Puts what is known of a client into the extensions of its calls.
pub(super) type Describe = Arc<dyn Fn(&mut Extensions) + Send + Sync>;

/// A byte stream that can be read and written, and what handlers are told of it.
pub(super) struct Open {
    pub(super) io: Box<dyn Io>,
    pub(super) describe: Describe,
}

/// The byte stream of a client, before TLS.
pub(super) trait Incoming: Send {
    fn open(self: Box<Self>) -> Open;
}

impl<I> Incoming for I
where
    I: AsyncRead + AsyncWrite + Connected + Send + Unpin + 'static,
{
    fn open(self: Box<Self>) -> Open {
        let known = self.connect_info();
        Open { io: self, describe: Arc::new(move |extensions| _ = extensions.insert(known.clone())) }
    }
}
