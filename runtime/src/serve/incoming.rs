//! Accepted byte streams of any type, and the connection info that handlers find in the extensions.

use std::sync::Arc;

use http::Extensions;
use tokio::io::{AsyncRead, AsyncWrite};
use tonic::transport::server::Connected;

#[cfg(feature = "_tls")]
use crate::BoxFuture;
use crate::intercept::Peer;
#[cfg(feature = "_tls")]
use crate::tls::{Acceptor, Certificates};

/// Any byte stream.
pub(super) trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}

/// Puts the connection info of a client into the extensions of a call.
pub(super) type InsertConnectInfo = Arc<dyn Fn(&mut Extensions) + Send + Sync>;

/// A byte stream, after TLS, and its connection info.
pub(super) struct OpenStream {
    pub(super) io: Box<dyn ByteStream>,
    pub(super) insert_connect_info: InsertConnectInfo,
}

/// The byte stream of a client, before TLS.
pub(super) trait IncomingStream: Send {
    /// The address of the client, if it has one, for the log.
    fn peer(&self) -> Option<String>;

    /// The byte stream without TLS.
    fn open(self: Box<Self>) -> OpenStream;

    /// The byte stream after the TLS handshake, or why that failed.
    #[cfg(feature = "_tls")]
    fn secure(self: Box<Self>, tls: Acceptor) -> BoxFuture<'static, Result<OpenStream, String>>;
}

impl<I> IncomingStream for I
where
    I: AsyncRead + AsyncWrite + Connected + Send + Unpin + 'static,
{
    fn peer(&self) -> Option<String> {
        let mut extensions = Extensions::new();
        extensions.insert(self.connect_info());
        match Peer::of(&extensions) {
            Some(Peer::Tcp(address)) => Some(address.to_string()),
            _ => None,
        }
    }

    fn open(self: Box<Self>) -> OpenStream {
        let known = self.connect_info();
        OpenStream { io: self, insert_connect_info: Arc::new(move |extensions| _ = extensions.insert(known.clone())) }
    }

    #[cfg(feature = "_tls")]
    fn secure(self: Box<Self>, tls: Acceptor) -> BoxFuture<'static, Result<OpenStream, String>> {
        Box::pin(async move {
            let io = tls.handshake(*self).await?;
            let known = io.connect_info();
            let certificates = known.peer_certs().map(Certificates::new);
            let insert_connect_info = move |extensions: &mut Extensions| {
                // As tonic's server does, for code that uses tonic's types.
                extensions.insert(known.get_ref().clone());
                extensions.insert(known.clone());
                if let Some(certificates) = &certificates {
                    extensions.insert(certificates.clone());
                }
            };
            Ok(OpenStream { io: Box::new(io), insert_connect_info: Arc::new(insert_connect_info) })
        })
    }
}

/// A byte stream that stays without TLS although the server has it.
#[cfg(feature = "_tls")]
pub(super) struct PlainStream(pub(super) Box<dyn IncomingStream>);

#[cfg(feature = "_tls")]
impl IncomingStream for PlainStream {
    fn peer(&self) -> Option<String> {
        self.0.peer()
    }

    fn open(self: Box<Self>) -> OpenStream {
        self.0.open()
    }

    fn secure(self: Box<Self>, _: Acceptor) -> BoxFuture<'static, Result<OpenStream, String>> {
        Box::pin(std::future::ready(Ok(self.0.open())))
    }
}
