//! Rare or invalid compressed messages, by RFC 1952 and gRPC's `compression.md`: requests and responses, alone and in a stream.
#![cfg(all(feature = "gzip", feature = "transport"))]

mod support;

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use rgrpc::CompressionEncoding::Gzip;
use rgrpc::prost::Message;
use rgrpc::tonic::body::Body;
use rgrpc::{Channel, Code, Status};
use tower_service::Service;

use support::user_v1::User;
use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::UserServiceServer;
use support::{Users, request};

const LIMIT: usize = 100;

fn crc32(data: &[u8]) -> u32 {
    let bit = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !data.iter().fold(!0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), |crc, _| bit(crc)))
}

/// `data` in one member, without making it smaller.
fn member(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    let lengths = [length.to_le_bytes(), (!length).to_le_bytes()].concat();
    let tail = [crc32(data).to_le_bytes(), u32::from(length).to_le_bytes()].concat();
    [&head[..], &lengths, data, &tail].concat()
}

fn frame(flag: u8, message: &[u8]) -> Vec<u8> {
    [&[flag][..], &u32::try_from(message.len()).unwrap().to_be_bytes(), message].concat()
}

fn body(frames: &[u8], trailers: Option<HeaderMap>) -> Body {
    let data = Frame::data(Bytes::copy_from_slice(frames));
    let pieces: Vec<_> =
        [Some(data), trailers.map(Frame::trailers)].into_iter().flatten().map(Ok::<_, Status>).collect();
    Body::new(StreamBody::new(tokio_stream::iter(pieces)))
}

fn one(name: &'static str, value: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static(value))])
}

/// Gives every request a response of these frames.
#[derive(Clone)]
struct Answer(Vec<u8>);

impl Service<http::Request<Body>> for Answer {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        let mut response = http::Response::new(body(&self.0, Some(one("grpc-status", "0"))));
        *response.headers_mut() = one("grpc-encoding", "gzip");
        ready(Ok(response))
    }
}

/// The id that is received in a response of these frames.
async fn received(frames: &[u8]) -> [Result<usize, Code>; 2] {
    let channel = Channel::new(Answer(frames.to_vec())).accept_compressed(Gzip).max_decoding_message_size(LIMIT);
    let client = UserServiceClient::new(channel);
    let alone = client.get_user(request("7")).await.map(|user| user.into_inner().id.len());
    let stream = async {
        let mut users = client.list_users(request("7")).await?.into_inner();
        let user = users.message().await?.unwrap();
        users.message().await?;
        Ok::<_, Status>(user.id.len())
    };
    [alone, stream.await].map(|outcome| outcome.map_err(|status| status.code()))
}

/// The code with which a server answers a request of these frames.
async fn answered(frames: &[u8]) -> [Code; 2] {
    let server = UserServiceServer::new(Users::new().0).accept_compressed(Gzip).max_decoding_message_size(LIMIT);
    let mut codes = Vec::new();
    for method in ["GetUser", "CreateUsers"] {
        let mut request =
            http::Request::post(format!("/user.v1.UserService/{method}")).body(body(frames, None)).unwrap();
        *request.headers_mut() = one("grpc-encoding", "gzip");
        request.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
        let (head, body) = server.clone().call(request).await.unwrap().into_parts();
        let trailers = body.collect().await.unwrap().trailers().cloned().unwrap_or_default();
        let status = Status::from_header_map(&head.headers).or_else(|| Status::from_header_map(&trailers));
        codes.push(status.unwrap().code());
    }
    codes.try_into().unwrap()
}

#[tokio::test]
async fn a_compressed_message_is_all_that_was_compressed_or_an_error() {
    // Of the same fields as a request.
    let of = |length: usize| User { id: "x".repeat(length), n: 0 }.encode_to_vec();
    let largest = of(LIMIT - 2);
    assert_eq!(largest.len(), LIMIT);
    let whole = member(&of(9));
    let broken = |at: usize| {
        let mut broken = whole.clone();
        let at = whole.len() - at;
        broken[at] ^= 1;
        broken
    };
    let cases = [
        ("one member", whole.clone(), Ok(9)),
        ("several members, which are one text", [member(&of(9)[..4]), member(&of(9)[4..])].concat(), Ok(9)),
        ("a member of nothing before the rest", [member(&[]), whole.clone()].concat(), Ok(9)),
        ("nothing", member(&[]), Ok(0)),
        ("something else behind the member", [&whole[..], b"more"].concat(), Err(Code::Internal)),
        ("half a member behind it", [&whole[..], &whole[..9]].concat(), Err(Code::Internal)),
        ("a member that is cut within its text", whole[..whole.len() - 10].to_vec(), Err(Code::Internal)),
        ("a member that is cut within its sum", whole[..whole.len() - 6].to_vec(), Err(Code::Internal)),
        ("a member that is cut within its length", whole[..whole.len() - 1].to_vec(), Err(Code::Internal)),
        ("another sum", broken(8), Err(Code::Internal)),
        ("another length", broken(4), Err(Code::Internal)),
        ("another text", broken(9), Err(Code::Internal)),
        ("no bytes at all", vec![], Err(Code::Internal)),
        ("what is not compressed", of(9), Err(Code::Internal)),
        ("the end of a message that does not decode", member(&of(9)[..5]), Err(Code::Internal)),
        ("more than the limit", member(&of(LIMIT - 1)), Err(Code::ResourceExhausted)),
    ];
    for (claim, message, expected) in cases {
        assert!(message.len() <= LIMIT || expected == Err(Code::ResourceExhausted), "{claim}");
        let frames = frame(1, &message);
        assert_eq!(received(&frames).await, [expected; 2], "{claim}");
        let code = expected.err().unwrap_or(Code::Ok);
        // No user has no id.
        let alone = if expected == Ok(0) { Code::NotFound } else { code };
        assert_eq!(answered(&frames).await, [alone, code], "{claim}");
    }
}

#[tokio::test]
async fn a_message_of_exactly_the_limit_is_received_compressed_or_not() {
    let message = [&[10, 98][..], &[b'x'; 98]].concat();
    // As zlib compresses it.
    let small = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 0xe3, 0x4a, 0xaa, 0xa0, 0x39, 0, 0];
    let small = [&small[..], &crc32(&message).to_le_bytes(), &100_u32.to_le_bytes()].concat();
    assert_eq!(received(&frame(1, &small)).await, [Ok(98); 2]);
    assert_eq!(received(&frame(0, &message)).await, [Ok(98); 2]);
}
