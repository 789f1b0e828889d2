//! What a body may hold, by the clauses of gRPC's `PROTOCOL-HTTP2.md` and `http-grpc-status-mapping.md`: read by the fast path of unary
//! calls and by tonic, with the same result.
#![cfg(feature = "gzip")]

mod support;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use rgrpc::{Channel, Code, CompressionEncoding::Gzip, Status, prost::Message, tonic::body::Body};
use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};
use support::{
    Users, request, user,
    user_v1::{
        User, user_service_client::UserServiceClient, user_service_methods::CREATE_USERS,
        user_service_server::UserServiceServer,
    },
};
use tower_service::Service;

type Headers = &'static [(&'static str, &'static str)];

/// A piece of a body.
#[derive(Debug, Clone)]
enum Piece {
    Data(Vec<u8>),
    Trailers(Headers),
    Broken,
}
use Piece::{Broken, Data, Trailers};

const OK: Piece = Trailers(&[("grpc-status", "0")]);

/// `Length-Prefixed-Message → Compressed-Flag Message-Length Message`
fn frame(flag: u8, message: &[u8]) -> Vec<u8> {
    [&[flag][..], &u32::try_from(message.len()).unwrap().to_be_bytes(), message].concat()
}

fn message(message: &impl Message) -> Vec<u8> {
    frame(0, &message.encode_to_vec())
}

fn headers(headers: Headers) -> HeaderMap {
    headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

fn body(pieces: &[Piece]) -> Body {
    let pieces: Vec<_> = pieces
        .iter()
        .map(|piece| match piece {
            Data(data) => Ok(Frame::data(Bytes::from(data.clone()))),
            Trailers(trailers) => Ok(Frame::trailers(headers(trailers))),
            Broken => Err(Status::unavailable("connection reset")),
        })
        .collect();
    Body::new(StreamBody::new(tokio_stream::iter(pieces)))
}

/// Gives every request the same response.
#[derive(Clone)]
struct Answer(u16, Headers, Vec<Piece>);

impl Service<http::Request<Body>> for Answer {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        let mut response = http::Response::builder().status(self.0).body(body(&self.2)).unwrap();
        response.headers_mut().extend(headers(self.1));
        ready(Ok(response))
    }
}

/// The metadata of a response, or its status, as text.
type Outcome = Result<String, (Code, String, String)>;

fn outcome(result: Result<rgrpc::Response<User>, Status>) -> Outcome {
    let sorted = |metadata: &rgrpc::metadata::MetadataMap| {
        let mut lines: Vec<_> = metadata.as_ref().iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        lines.sort();
        lines.join(", ")
    };
    match result {
        Ok(response) => {
            assert_eq!(*response.get_ref(), user("7", 1));
            Ok(sorted(response.metadata()))
        }
        Err(status) => {
            let rest = format!("{:?} {}", status.details(), sorted(status.metadata()));
            Err((status.code(), status.message().to_owned(), rest))
        }
    }
}

/// Holds a client to `expected`, a code and a part of the message, whichever path reads the response.
async fn check_client(
    claim: &str,
    http: u16,
    headers: Headers,
    pieces: Vec<Piece>,
    expected: Result<&str, (Code, &str)>,
) {
    let channel = Channel::new(Answer(http, headers, pieces)).max_decoding_message_size(100);
    let client = UserServiceClient::new(channel.clone());
    let fast = outcome(client.get_user(request("7")).await);
    match (&fast, expected) {
        (Ok(metadata), Ok(part)) => assert!(metadata.contains(part), "{claim}: {metadata}"),
        (Err((code, message, rest)), Err((expected, part))) => {
            assert_eq!(*code, expected, "{claim}: {message}");
            assert!(message.contains(part) || rest.contains(part), "{claim}: {message} {rest}");
        }
        _ => panic!("{claim}: {fast:?}"),
    }
    let requests = tokio_stream::iter([user("7", 1)]);
    let through_tonic = channel.client_streaming::<_, User>(&CREATE_USERS, requests).await;
    assert_eq!(fast, outcome(through_tonic), "{claim}");
}

#[tokio::test]
async fn a_client_reads_messages_by_the_protocol() {
    let one = || message(&user("7", 1));
    let (head, tail) = (one()[..3].to_vec(), one()[3..].to_vec());
    let long = frame(0, &user(&"x".repeat(200), 1).encode_to_vec());
    let gzip: Headers = &[("grpc-encoding", "gzip")];
    let identity: Headers = &[("grpc-encoding", "identity")];
    let cases = [
        ("one message", vec![Data(one()), OK], Ok("")),
        ("DATA frames have no relation to messages", vec![Data(head.clone()), Data(tail), OK], Ok("")),
        ("an empty DATA frame says nothing", vec![Data(vec![]), Data(one()), Data(vec![]), OK], Ok("")),
        ("no message", vec![OK], Err((Code::Unimplemented, "expected one response, found none"))),
        (
            "two messages in one DATA frame",
            vec![Data([one(), one()].concat()), OK],
            Err((Code::Unimplemented, "found more")),
        ),
        (
            "two messages in two DATA frames",
            vec![Data(one()), Data(one()), OK],
            Err((Code::Unimplemented, "found more")),
        ),
        ("a message that is cut off", vec![Data(one()[..7].to_vec())], Err((Code::Internal, "Unexpected EOF"))),
        ("a header that is cut off", vec![Data(head)], Err((Code::Internal, "Unexpected EOF"))),
        (
            "a compressed message without an encoding",
            vec![Data(frame(1, b"x")), OK],
            Err((Code::Internal, "compressed-flag")),
        ),
        (
            "a flag that is neither 0 nor 1",
            vec![Data(frame(2, b"x")), OK],
            Err((Code::Internal, "compression flag: 2")),
        ),
        ("a message over the limit", vec![Data(long), OK], Err((Code::OutOfRange, "the limit is: 100 bytes"))),
        ("a message that does not decode", vec![Data(frame(0, &[0xff])), OK], Err((Code::Internal, "cannot decode"))),
        ("a body that breaks off", vec![Data(one()), Broken], Err((Code::Unavailable, "connection reset"))),
        ("a body that breaks off at once", vec![Broken], Err((Code::Unavailable, "connection reset"))),
    ];
    for (claim, pieces, expected) in cases {
        check_client(claim, 200, &[], pieces, expected).await;
    }
    check_client("the identity is no compression", 200, identity, vec![Data(one()), OK], Ok("")).await;
    let unsupported = Err((Code::Unimplemented, "compressed with `gzip`"));
    check_client("an encoding the client did not accept", 200, gzip, vec![Data(frame(1, b"x")), OK], unsupported).await;
}

#[tokio::test]
async fn a_client_reads_statuses_by_the_protocol() {
    let one = || Data(message(&user("7", 1)));
    let leading: Headers = &[("a", "1"), ("b", "1")];
    let trailing = Trailers(&[("grpc-status", "0"), ("b", "2")]);
    check_client(
        "metadata is from both ends, the last word of a key counts",
        200,
        leading,
        vec![one(), trailing],
        Ok(r#"a: "1", b: "2""#),
    )
    .await;

    let not_found = Err((Code::NotFound, "a b%é"));
    let status: Headers = &[("grpc-status", "5"), ("grpc-message", "a%20b%25%C3%A9")];
    check_client("Trailers-Only, with its message percent-encoded", 200, status, vec![], not_found).await;
    check_client("a status after a message goes before it", 200, &[], vec![one(), Trailers(status)], not_found).await;
    let none = Err((Code::Unimplemented, "found none"));
    check_client("Trailers-Only with OK has no message", 200, &[("grpc-status", "0")], vec![], none).await;
    check_client("a status and metadata", 200, leading, vec![Trailers(status)], Err((Code::NotFound, r#"b: "1""#)))
        .await;

    for (claim, details) in [
        ("binary details, padded", &[("grpc-status", "5"), ("grpc-status-details-bin", "AQI=")]),
        ("binary details, not padded", &[("grpc-status", "5"), ("grpc-status-details-bin", "AQI")]),
    ] {
        check_client(claim, 200, details, vec![], Err((Code::NotFound, "[1, 2]"))).await;
        check_client(claim, 200, &[], vec![Trailers(details)], Err((Code::NotFound, "[1, 2]"))).await;
    }
    for unknown in [&[("grpc-status", "99")], &[("grpc-status", "")], &[("grpc-status", "OK")]] {
        check_client(
            "a status that does not exist",
            200,
            &[],
            vec![one(), Trailers(unknown)],
            Err((Code::Unknown, "")),
        )
        .await;
    }

    let missing = Err((Code::Unknown, "missing grpc-status"));
    check_client("a message without a status", 200, &[], vec![one()], missing).await;
    check_client("trailers without a status", 200, &[], vec![one(), Trailers(leading)], missing).await;
    check_client("a status goes before that of HTTP", 500, &[], vec![one(), OK], Ok("")).await;
    for (http, code) in [
        (400, Code::Internal),
        (401, Code::Unauthenticated),
        (403, Code::PermissionDenied),
        (404, Code::Unimplemented),
        (429, Code::Unavailable),
        (502, Code::Unavailable),
        (503, Code::Unavailable),
        (504, Code::Unavailable),
        (500, Code::Unknown),
        (418, Code::Unknown),
    ] {
        check_client("HTTP's status stands in for one that is missing", http, &[], vec![], Err((code, ""))).await;
    }
}

/// The HTTP response of a server: the headers, all data, and the trailers.
async fn answer(
    mut server: UserServiceServer<Users>,
    headers_: Headers,
    pieces: &[Piece],
) -> (HeaderMap, Bytes, HeaderMap) {
    let mut request = http::Request::post("/user.v1.UserService/GetUser").body(body(pieces)).unwrap();
    request.headers_mut().extend(headers(headers_));
    let (head, body) = server.call(request).await.unwrap().into_parts();
    assert_eq!(head.status, 200);
    let body = body.collect().await.unwrap();
    let trailers = body.trailers().cloned().unwrap_or_default();
    (head.headers, body.to_bytes(), trailers)
}

/// Holds a server to `expected`, a code and a part of the message, whichever path reads the request.
async fn check_server(claim: &str, headers: Headers, pieces: Vec<Piece>, expected: (Code, &str)) {
    let server = || UserServiceServer::new(Users::new().0).max_decoding_message_size(100);
    let fast = answer(server(), headers, &pieces).await;
    let status = Status::from_header_map(&fast.0).or_else(|| Status::from_header_map(&fast.2)).unwrap();
    assert_eq!(status.code(), expected.0, "{claim}: {status:?}");
    assert!(status.message().contains(expected.1), "{claim}: {status:?}");
    assert_eq!(fast.0["content-type"], "application/grpc", "{claim}");
    // Compression of responses, which this client does not accept, leaves the call to tonic.
    assert_eq!(fast, answer(server().send_compressed(Gzip), headers, &pieces).await, "{claim}");
}

#[tokio::test]
async fn a_server_reads_and_writes_by_the_protocol() {
    let one = || message(&request("7"));
    let of = |id: &str| vec![Data(message(&request(id)))];
    let empty = "no such user";
    let cases = [
        ("one message", vec![Data(one())], (Code::Ok, "")),
        ("metadata of a response, without what is HTTP's", of("metadata"), (Code::Ok, "")),
        ("a status is Trailers-Only", of(""), (Code::NotFound, empty)),
        ("a message may be empty", vec![Data(frame(0, b""))], (Code::NotFound, empty)),
        ("trailers of a request mean nothing", vec![Data(one()), Trailers(&[("a", "1")])], (Code::Ok, "")),
        (
            "DATA frames have no relation to messages",
            one().into_iter().map(|byte| Data(vec![byte])).collect(),
            (Code::Ok, ""),
        ),
        ("an empty DATA frame says nothing", vec![Data(vec![]), Data(one()), Data(vec![])], (Code::Ok, "")),
        ("no message", vec![], (Code::Unimplemented, "expected one request, found none")),
        ("two messages in one DATA frame", vec![Data([one(), one()].concat())], (Code::Unimplemented, "found more")),
        ("two messages in two DATA frames", vec![Data(one()), Data(one())], (Code::Unimplemented, "found more")),
        ("a message that is cut off", vec![Data(one()[..6].to_vec())], (Code::Internal, "Unexpected EOF")),
        ("a compressed message without an encoding", vec![Data(frame(1, b"x"))], (Code::Internal, "compressed-flag")),
        ("a flag that is neither 0 nor 1", vec![Data(frame(2, b"x"))], (Code::Internal, "compression flag: 2")),
        ("a message over the limit", of(&"x".repeat(100)), (Code::OutOfRange, "the limit is: 100 bytes")),
        ("a message that does not decode", vec![Data(frame(0, &[0xff]))], (Code::Internal, "cannot decode")),
        ("a body that breaks off", vec![Data(one()), Broken], (Code::Unavailable, "connection reset")),
    ];
    for (claim, pieces, expected) in cases {
        check_server(claim, &[("a", "1"), ("te", "trailers")], pieces, expected).await;
    }
    check_server("the identity is no compression", &[("grpc-encoding", "identity")], vec![Data(one())], (Code::Ok, ""))
        .await;
    let unsupported = (Code::Unimplemented, "compressed with `gzip`");
    check_server(
        "an encoding the server does not accept",
        &[("grpc-encoding", "gzip")],
        vec![Data(one())],
        unsupported,
    )
    .await;
}
