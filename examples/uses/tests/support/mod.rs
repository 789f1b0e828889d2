//! Servers on free ports, and a proxy whose connections break.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rgrpc::Channel;
use rgrpc::serve::Serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Serves until the end of the test, and returns the address.
pub async fn serve(server: Serve) -> Result<SocketAddr, Box<dyn Error>> {
    let server = server.bind().await?;
    let address = server.addresses()[0].to_string().parse()?;
    tokio::spawn(server.until(std::future::pending()));
    Ok(address)
}

/// A proxy that breaks each connection after a number of bytes.
pub struct Proxy {
    address: SocketAddr,
    forwarded: Arc<AtomicU64>,
}

impl Proxy {
    /// Starts a proxy for `server`, each of whose connections breaks after `bytes`.
    pub async fn new(server: SocketAddr, bytes: u64) -> Result<Self, Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, forwarded) = (listener.local_addr()?, Arc::new(AtomicU64::new(0)));
        let count = forwarded.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(forward(client, server, bytes, count.clone()));
            }
        });
        Ok(Self { address, forwarded })
    }

    /// A channel through the proxy, which reconnects by itself.
    pub fn channel(&self) -> Result<Channel, Box<dyn Error>> {
        Ok(Channel::connect(format!("http://{}", self.address)).lazy()?)
    }

    /// The number of bytes that were forwarded, in both directions and over all connections.
    pub fn forwarded(&self) -> u64 {
        self.forwarded.load(Ordering::Relaxed)
    }
}

/// Forwards a connection. Returning drops both ends, which breaks the connection.
async fn forward(client: TcpStream, server: SocketAddr, bytes: u64, forwarded: Arc<AtomicU64>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let forwarded_here = AtomicU64::new(0);
    let is_open = |length: usize| {
        let length = length as u64;
        forwarded.fetch_add(length, Ordering::Relaxed);
        forwarded_here.fetch_add(length, Ordering::Relaxed) + length < bytes
    };
    tokio::select! {
        () = copy(from_client, to_server, &is_open) => {}
        () = copy(from_server, to_client, &is_open) => {}
    }
}

/// Copies one direction, until it is closed or the connection has forwarded enough bytes.
async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, is_open: &impl Fn(usize) -> bool) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if !is_open(length) || to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
}
