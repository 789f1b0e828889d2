//! A listener on any kind of socket, as a stream of connections.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::net::TcpListener;
use tokio_stream::Stream;
#[cfg(feature = "_tls")]
use tokio_stream::StreamExt;

use super::incoming::IncomingStream;
#[cfg(feature = "_tls")]
use super::incoming::PlainStream;
use super::socket_options;
use crate::connection::address::Address;

pub(super) type Connections = Pin<Box<dyn Stream<Item = io::Result<Box<dyn IncomingStream>>> + Send>>;

/// An address that the server listens on, and the connections that it accepts there.
pub(super) struct Listener {
    /// `None` for a stream of connections.
    pub(super) address: Option<Address>,
    pub(super) connections: Connections,
}

#[cfg(feature = "_tls")]
impl Listener {
    /// The same listener, without TLS.
    pub(super) fn plain(self) -> Self {
        let plain = |incoming| Box::new(PlainStream(incoming)) as Box<dyn IncomingStream>;
        Self { connections: Box::pin(self.connections.map(move |incoming| incoming.map(plain))), ..self }
    }
}

pub(super) fn tcp(listener: TcpListener) -> Listener {
    Listener { address: listener.local_addr().ok().map(Address::Tcp), connections: Box::pin(Tcp(listener)) }
}

struct Tcp(TcpListener);

impl Stream for Tcp {
    type Item = io::Result<Box<dyn IncomingStream>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let accepted = ready!(self.0.poll_accept(cx)).and_then(|(socket, _)| {
            socket_options::set_up(&socket)?;
            Ok(Box::new(socket) as Box<dyn IncomingStream>)
        });
        Poll::Ready(Some(accepted))
    }
}
