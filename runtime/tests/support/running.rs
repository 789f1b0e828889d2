//! A server on a network in memory, in tokio's time, which runs until it is told to stop.

use std::future::Future;
use std::io;
use std::ops::Deref;
use std::time::Duration;

use rgrpc::serve::{Ended, Listen, Serve};
use tokio::io::DuplexStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_stream::wrappers::UnboundedReceiverStream;

/// Connects to the server.
#[derive(Clone)]
pub struct Network(mpsc::UnboundedSender<io::Result<DuplexStream>>);

impl Network {
    pub fn new() -> (Self, Listen) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), Listen::connections(UnboundedReceiverStream::new(receiver)))
    }

    /// The client's end of a new connection, unless they are refused.
    pub fn dial(&self) -> io::Result<DuplexStream> {
        let (client, server) = tokio::io::duplex(64 * 1024);
        self.0.send(Ok(server)).map_err(|_| io::ErrorKind::ConnectionRefused)?;
        Ok(client)
    }
}

/// A server that runs.
pub struct Running {
    pub network: Network,
    shutdown: oneshot::Sender<()>,
    ended: JoinHandle<Ended>,
}

impl Running {
    /// Runs the server that `serve` makes on a network.
    pub async fn start(serve: impl FnOnce(Listen) -> Serve) -> Self {
        let (network, listen) = Network::new();
        let server = serve(listen).bind().await.unwrap();
        let (shutdown, told) = oneshot::channel();
        let ended = tokio::spawn(server.until(async { told.await.unwrap() }));
        Self { network, shutdown, ended }
    }

    /// Tells the server to end; gives how it ended and how long that took, once it has.
    pub fn shut_down(self) -> impl Future<Output = (Ended, Duration)> {
        let start = Instant::now();
        self.shutdown.send(()).unwrap();
        async move { (self.ended.await.unwrap(), start.elapsed()) }
    }
}

impl Deref for Running {
    type Target = Network;

    fn deref(&self) -> &Network {
        &self.network
    }
}
