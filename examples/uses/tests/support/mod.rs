//! A server on a port of its own, and a line to it that breaks when it is told to.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rgrpc::Channel;
use rgrpc::serve::Serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Serves, until the test ends.
pub async fn served(server: Serve) -> Result<SocketAddr, Box<dyn Error>> {
    let server = server.bind().await?;
    let address = server.addresses()[0].to_string().parse()?;
    tokio::spawn(server.until(std::future::pending()));
    Ok(address)
}

/// A line to a server, each of whose connections breaks after so many bytes.
pub struct Line {
    address: SocketAddr,
    carried: Arc<AtomicU64>,
}

impl Line {
    pub async fn new(server: SocketAddr, bytes: u64) -> Result<Self, Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, carried) = (listener.local_addr()?, Arc::new(AtomicU64::new(0)));
        let count = carried.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server, bytes, count.clone()));
            }
        });
        Ok(Self { address, carried })
    }

    /// A channel over the line, which connects again by itself.
    pub fn channel(&self) -> Result<Channel, Box<dyn Error>> {
        Ok(Channel::connect(format!("http://{}", self.address)).lazy()?)
    }

    /// How many bytes it has carried, in both directions.
    pub fn carried(&self) -> u64 {
        self.carried.load(Ordering::Relaxed)
    }
}

/// Carries a connection; dropping both ends breaks it.
async fn carry(client: TcpStream, server: SocketAddr, bytes: u64, carried: Arc<AtomicU64>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let here = AtomicU64::new(0);
    let is_open = |length: usize| {
        let length = length as u64;
        carried.fetch_add(length, Ordering::Relaxed);
        here.fetch_add(length, Ordering::Relaxed) + length < bytes
    };
    tokio::select! {
        () = pass(from_client, to_server, &is_open) => {}
        () = pass(from_server, to_client, &is_open) => {}
    }
}

/// Passes on what comes, until one end is closed or the connection has carried enough.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, is_open: &impl Fn(usize) -> bool) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if !is_open(length) || to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
}
