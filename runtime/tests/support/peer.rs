//! A server that sends scripted frames: HTTP/2 by hand, so that no library corrects them.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use rgrpc::Channel;
use rgrpc::tonic::transport::Endpoint;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufStream, DuplexStream};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub type Headers = &'static [(&'static str, &'static str)];

/// The server's steps for a stream, one after the other.
#[derive(Debug, Clone)]
pub enum Step {
    /// `:status` 200, the content type of gRPC, and these; and whether that is the end.
    Headers(Headers, End),
    /// Headers with another status or content type.
    Http(u16, Headers, End),
    Data(Vec<u8>),
    LastData(Vec<u8>),
    Trailers(Headers),
    Reset(u32),
    /// The last stream id that the server took, in streams from this one, and the code.
    GoAway(i64, u32),
    /// Some time, so that the client has read what came before.
    Pause,
    /// The connection ends.
    Close,
    /// A frame of any kind, with these flags, of the stream.
    Frame(u8, u8, Vec<u8>),
    /// The same of the connection.
    OfConnection(u8, u8, Vec<u8>),
    /// The same of another stream.
    OfStream(u32, u8, u8, Vec<u8>),
    /// Bytes that are no frame.
    Garbage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    No,
    Yes,
}

/// A server whose script depends on how many streams there were before, on all connections.
#[derive(Clone)]
pub struct Peer {
    script: Arc<dyn Fn(usize) -> Vec<Step> + Send + Sync>,
    streams: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

impl Peer {
    pub fn new(script: impl Fn(usize) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self { script: Arc::new(script), streams: Arc::default(), connections: Arc::default() }
    }

    /// A channel over connections of tonic's to this server, made when they are needed.
    pub fn channel(&self) -> Channel {
        Channel::new(Endpoint::from_static("http://peer").connect_with_connector_lazy(Connect(self.clone())))
    }

    /// Channels over connections of rgrpc's own to this server.
    pub async fn own(&self) -> Vec<Channel> {
        vec![
            Channel::connect(self.listen().await).lazy().unwrap(),
            #[cfg(feature = "balance")]
            Channel::target("ipv4:10.0.0.1:1").connect_by(self.clone()).channel().unwrap(),
        ]
    }

    fn connect(&self) -> DuplexStream {
        let (client, server) = tokio::io::duplex(64 * 1024);
        self.connections.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(self.clone().serve(server));
        client
    }

    /// The URI of this server on a socket.
    pub async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}", listener.local_addr().unwrap());
        self.accept(listener);
        uri
    }

    /// Takes the connections of a socket, until the task is aborted.
    pub fn accept(&self, listener: TcpListener) -> JoinHandle<()> {
        let peer = self.clone();
        tokio::spawn(async move {
            while let Ok((io, _)) = listener.accept().await {
                peer.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(peer.clone().serve(io));
            }
        })
    }

    /// The same of a socket at a path.
    #[cfg(unix)]
    pub fn accept_local(&self, listener: tokio::net::UnixListener) -> JoinHandle<()> {
        let peer = self.clone();
        tokio::spawn(async move {
            while let Ok((io, _)) = listener.accept().await {
                tokio::spawn(peer.clone().serve(io));
            }
        })
    }

    pub fn streams(&self) -> usize {
        self.streams.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    async fn serve(self, io: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        let mut io = BufStream::new(io);
        io.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
        io.flush().await?;
        io.read_exact(&mut [0; 24]).await?;
        loop {
            let mut head = [0; 9];
            io.read_exact(&mut head).await?;
            let [a, b, c, kind, flags, id @ ..] = head;
            let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
            io.read_exact(&mut payload).await?;
            match (kind, flags & ACK) {
                (SETTINGS, 0) => io.write_all(&frame(SETTINGS, ACK, 0, &[])).await?,
                (PING, 0) => io.write_all(&frame(PING, ACK, 0, &payload)).await?,
                (HEADERS, _) => {
                    let steps = (self.script)(self.streams.fetch_add(1, Ordering::SeqCst));
                    for step in steps {
                        if !run(step, u32::from_be_bytes(id), &mut io).await? {
                            return Ok(());
                        }
                    }
                }
                _ => {}
            }
            io.flush().await?;
        }
    }
}

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
/// The kind of a frame; [`PRIORITY`] is the flag of one with headers.
pub const PRIORITY_FRAME: u8 = 2;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const ACK: u8 = 1;
pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;
pub const PADDED: u8 = 8;
pub const PRIORITY: u8 = 32;
pub const PUSH_PROMISE: u8 = 5;
pub const WINDOW_UPDATE: u8 = 8;
pub const CONTINUATION: u8 = 9;

/// Whether the connection goes on.
async fn run(step: Step, id: u32, io: &mut (impl AsyncWrite + Unpin)) -> io::Result<bool> {
    let end = |end| if end == End::Yes { END_STREAM } else { 0 };
    let bytes = match step {
        Step::Headers(headers, last) => {
            let block = [block(&[(":status", "200"), ("content-type", "application/grpc")]), block(headers)].concat();
            frame(HEADERS, END_HEADERS | end(last), id, &block)
        }
        Step::Http(status, headers, last) => {
            let block = [block(&[(":status", &status.to_string())]), block(headers)].concat();
            frame(HEADERS, END_HEADERS | end(last), id, &block)
        }
        Step::Data(data) => frame(DATA, 0, id, &data),
        Step::LastData(data) => frame(DATA, END_STREAM, id, &data),
        Step::Trailers(trailers) => frame(HEADERS, END_HEADERS | END_STREAM, id, &block(trailers)),
        Step::Reset(code) => frame(RST_STREAM, 0, id, &code.to_be_bytes()),
        Step::GoAway(streams, code) => {
            let last = u32::try_from(i64::from(id) + 2 * streams).unwrap_or(0);
            frame(GOAWAY, 0, 0, &[last.to_be_bytes(), code.to_be_bytes()].concat())
        }
        Step::Frame(kind, flags, payload) => frame(kind, flags, id, &payload),
        Step::OfConnection(kind, flags, payload) => frame(kind, flags, 0, &payload),
        Step::OfStream(id, kind, flags, payload) => frame(kind, flags, id, &payload),
        Step::Pause => {
            io.flush().await?;
            tokio::time::sleep(Duration::from_millis(10)).await;
            return Ok(true);
        }
        Step::Close => {
            io.flush().await?;
            return Ok(false);
        }
        Step::Garbage => b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n".to_vec(),
    };
    io.write_all(&bytes).await?;
    Ok(true)
}

fn frame(kind: u8, flags: u8, id: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &id.to_be_bytes(), payload].concat()
}

/// HPACK's literals without indexing, which need no table.
pub fn block(headers: &[(&str, &str)]) -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    headers.iter().flat_map(|(name, value)| [vec![0], text(name), text(value)].concat()).collect()
}

/// Connects to the server, in this process.
struct Connect(Peer);

impl tower_service::Service<http::Uri> for Connect {
    type Response = hyper_util::rt::TokioIo<DuplexStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Uri) -> Self::Future {
        let peer = self.0.clone();
        Box::pin(async move { Ok(hyper_util::rt::TokioIo::new(peer.connect())) })
    }
}

#[cfg(feature = "balance")]
impl rgrpc::balance::Connector for Peer {
    type Io = DuplexStream;

    async fn connect(&self, _: &rgrpc::balance::Address) -> io::Result<DuplexStream> {
        Ok(Self::connect(self))
    }
}
