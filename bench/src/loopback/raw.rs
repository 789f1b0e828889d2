//! Measures h2 alone, without HTTP types, gRPC or messages: it sends and compares as many bytes as the calls do.

use std::future::poll_fn;

use bench::proto::bench::v1::Blob;
use bytes::{Buf, Bytes, BytesMut};
use h2::client::{self, SendRequest};
use h2::server::{self, SendResponse};
use h2::{RecvStream, SendStream};
use http::{HeaderMap, HeaderValue, Request, Response};
use prost::Message;
use tokio::net::{TcpListener, TcpStream};

use super::measure::{Client, Failure};

/// The bytes that are sent in one piece, as in rgrpc and tonic.
const PIECE: usize = 32 * 1024;
/// The windows of hyper's clients.
const STREAM: u32 = 2 << 20;
const CONNECTION: u32 = 5 << 20;

/// Serves on a free port, and connects to it.
pub(super) async fn connect() -> Result<Raw, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let socket = TcpStream::connect(listener.local_addr()?).await?;
    socket.set_nodelay(true)?;
    let (accepted, _) = listener.accept().await?;
    accepted.set_nodelay(true)?;
    tokio::spawn(serve(accepted));
    let mut builder = client::Builder::new();
    builder.initial_window_size(STREAM).initial_connection_window_size(CONNECTION);
    let (requests, connection) = builder.handshake(socket).await?;
    tokio::spawn(connection);
    Ok(Raw(requests))
}

#[derive(Clone)]
pub(super) struct Raw(SendRequest<Bytes>);

impl Raw {
    /// Opens a stream to `path`, and returns its two directions.
    async fn open(&self, path: &str) -> Result<(SendStream<Bytes>, RecvStream), Failure> {
        let request = Request::post(format!("http://localhost{path}")).header("te", "trailers").body(())?;
        let (response, send) = self.0.clone().ready().await?.send_request(request, false)?;
        Ok((send, response.await?.into_body()))
    }
}

impl Client for Raw {
    /// A gRPC frame, and the number of times that the server is to send it.
    type Blob = (Bytes, u32);

    fn blob(id: &str, count: u32, payload: &[u8]) -> Self::Blob {
        let message = Blob { id: id.into(), count, payload: payload.into() }.encode_to_vec();
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes();
        ([&[0], &length[..], &message].concat().into(), count)
    }

    async fn once(&mut self, (frame, _): &Self::Blob) -> Result<bool, Failure> {
        let request = Request::post("http://localhost/once").header("te", "trailers").body(())?;
        let (response, mut send) = self.0.clone().ready().await?.send_request(request, false)?;
        send.send_data(frame.clone(), true)?;
        let mut body = response.await?.into_body();
        let reply = next(&mut body).await?.unwrap_or_default();
        body.trailers().await?;
        Ok(reply == *frame)
    }

    async fn download(&mut self, (frame, count): &Self::Blob) -> Result<u32, Failure> {
        let (mut send, body) = self.open(&format!("/download/{count}")).await?;
        send.send_data(frame.clone(), true)?;
        count_all(body, frame).await
    }

    async fn chat(&mut self, requests: Vec<Self::Blob>) -> Result<u32, Failure> {
        let frame = requests.first().cloned().unwrap_or_default().0;
        let (send, body) = self.open("/chat").await?;
        let sending = tokio::spawn(send_all(send, requests.into_iter().map(|(frame, _)| frame), false));
        let received = count_all(body, &frame).await?;
        sending.await??;
        Ok(received)
    }
}

async fn serve(socket: TcpStream) -> Result<(), Failure> {
    let mut builder = server::Builder::new();
    builder.initial_window_size(STREAM).initial_connection_window_size(CONNECTION);
    let mut connection = builder.handshake(socket).await?;
    while let Some(stream) = connection.accept().await {
        let (request, respond) = stream?;
        tokio::spawn(answer(request, respond));
    }
    Ok(())
}

/// Sends back all bytes as they arrive, or the first piece as many times as the path says.
async fn answer(request: Request<RecvStream>, mut respond: SendResponse<Bytes>) -> Result<(), Failure> {
    let (head, mut body) = request.into_parts();
    let mut send = respond.send_response(Response::new(()), false)?;
    if let Some(count) = head.uri.path().strip_prefix("/download/") {
        let frame = next(&mut body).await?.unwrap_or_default();
        return send_all(send, std::iter::repeat_n(frame, count.parse()?), true).await;
    }
    while let Some(piece) = next(&mut body).await? {
        send_piece(&mut send, piece).await?;
    }
    Ok(send.send_trailers(trailers())?)
}

fn trailers() -> HeaderMap {
    [(http::HeaderName::from_static("grpc-status"), HeaderValue::from_static("0"))].into_iter().collect()
}

async fn next(body: &mut RecvStream) -> Result<Option<Bytes>, Failure> {
    let Some(piece) = body.data().await.transpose()? else { return Ok(None) };
    body.flow_control().release_capacity(piece.len())?;
    Ok(Some(piece))
}

async fn send_all(
    mut send: SendStream<Bytes>,
    frames: impl Iterator<Item = Bytes>,
    with_trailers: bool,
) -> Result<(), Failure> {
    let mut piece = BytesMut::with_capacity(PIECE * 2);
    for frame in frames {
        piece.extend_from_slice(&frame);
        if piece.len() >= PIECE {
            send_piece(&mut send, piece.split().freeze()).await?;
            piece.reserve(PIECE * 2);
        }
    }
    send_piece(&mut send, piece.freeze()).await?;
    if with_trailers {
        send.send_trailers(trailers())?;
    } else {
        send.send_data(Bytes::new(), true)?;
    }
    Ok(())
}

/// Sends as much at once as flow control allows.
async fn send_piece(send: &mut SendStream<Bytes>, mut piece: Bytes) -> Result<(), Failure> {
    while piece.has_remaining() {
        send.reserve_capacity(piece.len());
        let capacity = poll_fn(|cx| send.poll_capacity(cx)).await.ok_or("the stream is closed")??;
        send.send_data(piece.split_to(capacity.min(piece.len())), false)?;
    }
    Ok(())
}

/// Returns the number of received frames that equal `frame`.
async fn count_all(mut body: RecvStream, frame: &Bytes) -> Result<u32, Failure> {
    let (mut received, mut rest) = (0, BytesMut::new());
    while let Some(piece) = next(&mut body).await? {
        rest.extend_from_slice(&piece);
        while rest.len() >= frame.len() {
            received += u32::from(rest[..frame.len()] == **frame);
            rest.advance(frame.len());
        }
    }
    body.trailers().await?;
    Ok(received)
}
