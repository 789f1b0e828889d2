//! The bodies of requests and responses, by the clauses of gRPC's `PROTOCOL-HTTP2.md` and `http-grpc-status-mapping.md`. The fast path of unary
//! calls and tonic read them with the same result.

mod support;

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use Piece::{Broken, Data, Trailers};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use rgrpc::prost::Message;
use rgrpc::tonic::body::Body;
use rgrpc::{Channel, Code, Status};
use tower_service::Service;

use support::user_v1::User;
use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_methods::CREATE_USERS;
use support::user_v1::user_service_server::UserServiceServer;
use support::{Users, request, user};

type Headers = &'static [(&'static str, &'static str)];

/// A piece of a body.
#[derive(Debug, Clone)]
enum Piece {
    Data(Vec<u8>),
    Trailers(Headers),
    Broken,
}

const OK: Piece = Trailers(&[("grpc-status", "0")]);

/// `Length-Prefixed-Message → Compressed-Flag Message-Length Message`
fn frame(flag: u8, message: &[u8]) -> Vec<u8> {
    [&[flag][..], &u32::try_from(message.len()).unwrap().to_be_bytes(), message].concat()
}

fn message(message: &impl Message) -> Vec<u8> {
    frame(0, &message.encode_to_vec())
}

fn headers(headers: Headers) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    map
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
        ("a message over the limit", vec![Data(long), OK], Err((Code::ResourceExhausted, "the limit is: 100 bytes"))),
        ("a message that does not decode", vec![Data(frame(0, &[0xff])), OK], Err((Code::Internal, "cannot decode"))),
        ("a body that breaks off", vec![Data(one()), Broken], Err((Code::Unavailable, "connection reset"))),
        ("a body that breaks off at once", vec![Broken], Err((Code::Unavailable, "connection reset"))),
    ];
    for (claim, pieces, expected) in cases {
        check_client(claim, 200, &[], pieces, expected).await;
    }
    check_client("the identity is no compression", 200, identity, vec![Data(one()), OK], Ok("")).await;
    let unsupported = Err((Code::Internal, "compressed with `gzip`"));
    check_client("an encoding the client did not accept", 200, gzip, vec![Data(frame(1, b"x")), OK], unsupported).await;
    check_client("it matters to messages that have it", 200, gzip, vec![Data(one()), OK], Ok("")).await;
    let flagged = Err((Code::Internal, "compressed-flag"));
    check_client("a flag with the identity", 200, identity, vec![Data(frame(1, b"x")), OK], flagged).await;
    let both: Headers = &[("grpc-encoding", "identity"), ("grpc-encoding", "gzip")];
    check_client("the first encoding counts", 200, both, vec![Data(frame(1, b"x")), OK], flagged).await;
    let cut = || [one(), one()[..7].to_vec()].concat();
    let internal = Err((Code::Internal, "Unexpected EOF"));
    check_client("a message cut off before a status of OK", 200, &[], vec![Data(cut()), OK], internal).await;
    check_client("half a message alone", 200, &[], vec![Data(cut()[..7].to_vec()), OK], internal).await;
    let failed = Trailers(&[("grpc-status", "5")]);
    let not_found = Err((Code::NotFound, ""));
    check_client("a failure needs no whole message", 200, &[], vec![Data(cut()), failed], not_found).await;
}

#[tokio::test]
async fn a_client_accepts_only_grpc() {
    let page = || vec![Data(b"<html>502 Bad Gateway</html>".to_vec())];
    let html: Headers = &[("content-type", "text/html"), ("retry-after", "7")];
    for (http, code) in [
        (200, Code::Unknown),
        (204, Code::Unknown),
        (301, Code::Unknown),
        (400, Code::Internal),
        (401, Code::Unauthenticated),
        (403, Code::PermissionDenied),
        (404, Code::Unimplemented),
        (415, Code::Unknown),
        (429, Code::Unavailable),
        (431, Code::Internal),
        (500, Code::Unknown),
        (502, Code::Unavailable),
        (503, Code::Unavailable),
        (504, Code::Unavailable),
    ] {
        check_client("the page of a proxy has the code of its status", http, html, page(), Err((code, "text/html")))
            .await;
        check_client("an empty page", http, html, vec![], Err((code, "text/html"))).await;
        check_client("its headers are metadata", http, html, page(), Err((code, r#"retry-after: "7""#))).await;
        if http != 200 {
            check_client("a page of no type", http, &[], page(), Err((code, "the code is that of HTTP status"))).await;
        }
    }
    let one = || Data(message(&user("7", 1)));
    for other in ["application/json", "application/grpc-website", "application/grpcx"] {
        let other: Headers = Box::leak(Box::new([("content-type", other)]));
        check_client(
            "a type that is not gRPC's",
            200,
            other,
            vec![one(), OK],
            Err((Code::Unknown, "not a gRPC response")),
        )
        .await;
    }
    // A transport that makes gRPC of gRPC-Web leaves the name of that.
    let web = "application/grpc-web+proto";
    for grpc in [
        "application/grpc",
        "application/grpc+proto",
        "application/grpc+json",
        "application/grpc;charset=utf-8",
        "application/grpc\t; charset=utf-8",
        "APPLICATION/GRPC+PROTO",
        web,
    ] {
        let grpc: Headers = Box::leak(Box::new([("content-type", grpc)]));
        check_client("a type that is gRPC's", 200, grpc, vec![one(), OK], Ok("")).await;
    }
    let ok: Headers = &[("content-type", "text/html"), ("grpc-status", "0")];
    check_client("a page is no success, whatever its status", 200, ok, page(), Err((Code::Unknown, "text/html"))).await;
    let failed: Headers = &[("content-type", "text/html"), ("grpc-status", "9"), ("grpc-message", "m")];
    let given = Err((Code::FailedPrecondition, "m"));
    check_client("if grpc-status was provided, it must be used", 502, failed, page(), given).await;
}

#[tokio::test]
async fn the_last_status_counts() {
    let one = || Data(message(&user("7", 1)));
    let five = || Trailers(&[("grpc-status", "5"), ("grpc-message", "m")]);
    let none = Trailers(&[("a", "1")]);
    let zero: Headers = &[("grpc-status", "0")];
    let seven: Headers = &[("grpc-status", "7"), ("grpc-message", "headers")];
    let not_found = Err((Code::NotFound, "m"));
    check_client("trailers win over headers", 200, zero, vec![one(), five()], not_found).await;
    check_client("without a message too", 200, zero, vec![five()], not_found).await;
    check_client("whatever the headers say", 200, seven, vec![five()], not_found).await;
    check_client("a success in trailers is one", 200, seven, vec![one(), OK], Ok("")).await;
    let denied = Err((Code::PermissionDenied, "headers"));
    check_client("trailers without a status leave it to the headers", 200, seven, vec![none.clone()], denied).await;
    let missing = Err((Code::Unknown, "missing grpc-status"));
    check_client("headers with a status and a message are not Trailers-Only", 200, zero, vec![one()], missing).await;
    check_client("nor with trailers that have none", 200, zero, vec![one(), none.clone()], missing).await;
    check_client("an error of the headers is one, if no other follows", 200, seven, vec![one()], denied).await;
    check_client("with other trailers too", 200, seven, vec![one(), none], denied).await;
}

#[tokio::test]
async fn a_status_that_does_not_decode_keeps_its_code() {
    let one = || Data(message(&user("7", 1)));
    let cases: [(Headers, (Code, &str)); 14] = [
        (&[("grpc-status", "5"), ("grpc-message", "%")], (Code::NotFound, "%")),
        (&[("grpc-status", "5"), ("grpc-message", "%ED%A0%80")], (Code::NotFound, "%ED%A0%80")),
        (&[("grpc-status", "5"), ("grpc-message", "a%00b")], (Code::NotFound, "a\0b")),
        (&[("grpc-status", "5"), ("grpc-status-details-bin", ",")], (Code::NotFound, "[]")),
        (&[("grpc-status", "5"), ("grpc-status-details-bin", "AQ=")], (Code::NotFound, "[1]")),
        (&[("grpc-status", "5"), ("grpc-status-details-bin", "A Q")], (Code::NotFound, "[]")),
        (&[("grpc-status", "05")], (Code::NotFound, "")),
        (&[("grpc-status", "0005")], (Code::NotFound, "")),
        (&[("grpc-status", "5"), ("grpc-message", "%E4%BD")], (Code::NotFound, "%E4%BD")),
        (&[("grpc-status", "5"), ("grpc-message", "100%")], (Code::NotFound, "100%")),
        (&[("grpc-status", "5"), ("grpc-status-details-bin", "!!")], (Code::NotFound, "[]")),
        (&[("grpc-status", "5"), ("grpc-status-details-bin", "A")], (Code::NotFound, "[]")),
        (&[("grpc-status", "5"), ("grpc-status-details-bin", "AQ,Ag")], (Code::NotFound, "[1]")),
        (&[("grpc-status", "5"), ("grpc-message", "%FF"), ("grpc-status-details-bin", "")], (Code::NotFound, "%FF")),
    ];
    for (status, expected) in cases {
        check_client("in headers", 200, status, vec![], Err(expected)).await;
        check_client("in trailers", 200, &[], vec![Trailers(status)], Err(expected)).await;
        check_client("after a message", 200, &[], vec![one(), Trailers(status)], Err(expected)).await;
    }
    let fine = Trailers(&[("grpc-status", "00"), ("grpc-status-details-bin", "!!"), ("grpc-message", "%E4")]);
    check_client("a success is one", 200, &[], vec![one(), fine], Ok("")).await;
    let fine: Headers = &[("grpc-status", "0"), ("grpc-status-details-bin", "!!")];
    check_client("a success without a message has none", 200, fine, vec![], Err((Code::Unimplemented, "found none")))
        .await;
}

#[tokio::test]
async fn binary_metadata_is_split_where_it_was_joined() {
    let one = || Data(message(&user("7", 1)));
    let trailers: [Headers; 3] = [
        &[("grpc-status", "0"), ("a-bin", "AQ,Ag==")],
        &[("grpc-status", "0"), ("a-bin", "AQ, Ag")],
        &[("grpc-status", "0"), ("a-bin", "AQ"), ("a-bin", "Ag==")],
    ];
    let values = |metadata: &rgrpc::metadata::MetadataMap| {
        let values = metadata.get_all_bin("a-bin").iter();
        values.map(|value| value.to_bytes().unwrap().to_vec()).collect::<Vec<_>>()
    };
    for trailers in trailers {
        let clients = [
            UserServiceClient::new(Channel::new(Answer(200, &[], vec![one(), Trailers(trailers)]))),
            UserServiceClient::new(Channel::new(Answer(200, &trailers[1..], vec![one(), OK]))),
        ];
        for client in clients {
            let response = client.get_user(request("7")).await.unwrap();
            assert_eq!(values(response.metadata()), [vec![1], vec![2]], "{trailers:?}");
        }
        let failed = Trailers(Box::leak([&[("grpc-status", "5")], &trailers[1..]].concat().into_boxed_slice()));
        let client = UserServiceClient::new(Channel::new(Answer(200, &[], vec![failed])));
        assert_eq!(values(client.get_user(request("7")).await.unwrap_err().metadata()), [vec![1], vec![2]]);
    }
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
    let twice = Err((Code::NotFound, "m"));
    let statuses: Headers = &[("grpc-status", "5"), ("grpc-status", "0"), ("grpc-message", "m"), ("grpc-message", "n")];
    check_client("of two statuses in one place, the first counts", 200, &[], vec![Trailers(statuses)], twice).await;
    check_client("in Trailers-Only, too", 200, statuses, vec![], twice).await;
    for unknown in [
        &[("grpc-status", "99")],
        &[("grpc-status", "17")],
        &[("grpc-status", "99999999999")],
        &[("grpc-status", "4294967301")],
        &[("grpc-status", "")],
        &[("grpc-status", "OK")],
        &[("grpc-status", "-1")],
        &[("grpc-status", "+0")],
        &[("grpc-status", "0x0")],
        &[("grpc-status", "0.0")],
        &[("grpc-status", "0, 0")],
        &[("grpc-status", " 0")],
        &[("grpc-status", "0 ")],
    ] {
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

/// Some of what a peer may say, and much that it may not, by a generator of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }

    fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    fn headers(&mut self) -> HeaderMap {
        let names =
            ["grpc-status", "grpc-message", "grpc-status-details-bin", "grpc-encoding", "content-type", "a", "a-bin"];
        let values: [&[u8]; 18] = [
            b"0",
            b"5",
            b"00",
            b"99999999999",
            b"",
            b"%",
            b"%E4%B",
            b"!!",
            b"AQ,Ag==,",
            b"AQ",
            b",",
            b"\xff\xfe",
            b"gzip",
            b"identity",
            b"br",
            b"application/grpc",
            b"text/html",
            b"x",
        ];
        let mut headers = HeaderMap::new();
        for _ in 0..self.below(5) {
            let value = HeaderValue::from_bytes(self.of(&values)).unwrap();
            headers.append(HeaderName::from_static(self.of(&names)), value);
        }
        headers
    }

    fn data(&mut self) -> Vec<u8> {
        let one = message(&user("7", 1));
        match self.below(6) {
            0 => one,
            1 => one[..self.below(one.len())].to_vec(),
            2 => frame(1, &one),
            3 => vec![],
            4 => [0, 0, 0, 0, 0].to_vec(),
            _ => (0..self.below(20)).map(|_| u8::try_from(self.below(256)).unwrap()).collect(),
        }
    }

    fn response(&mut self) -> http::Response<Body> {
        let mut pieces: Vec<Result<Frame<Bytes>, Status>> = vec![];
        for _ in 0..self.below(4) {
            pieces.push(Ok(Frame::data(self.data().into())));
        }
        match self.below(4) {
            0 => {}
            1 => pieces.push(Err(Status::unknown("broken"))),
            _ => pieces.push(Ok(Frame::trailers(self.headers()))),
        }
        let mut response = http::Response::new(Body::new(StreamBody::new(tokio_stream::iter(pieces))));
        *response.status_mut() = [200, 200, 200, 502, 404, 204][self.below(6)].try_into().unwrap();
        *response.headers_mut() = self.headers();
        response
    }
}

#[derive(Clone)]
struct Anything(std::sync::Arc<std::sync::Mutex<Random>>);

impl Service<http::Request<Body>> for Anything {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        ready(Ok(self.0.lock().unwrap().response()))
    }
}

#[tokio::test]
async fn whatever_a_peer_sends_a_call_ends_and_nothing_panics() {
    let channel = Channel::new(Anything(std::sync::Arc::new(std::sync::Mutex::new(Random(0x2545_f491_4f6c_dd1d)))));
    let [mut successes, mut failures] = [0, 0];
    let channels = [
        channel.clone(),
        #[cfg(not(feature = "gzip"))]
        channel,
        #[cfg(feature = "gzip")]
        channel.accept_compressed(rgrpc::CompressionEncoding::Gzip),
    ];
    for channel in channels {
        let client = UserServiceClient::new(channel);
        for _ in 0..2000 {
            let one = client.get_user(request("7")).await.map(|_| ());
            let upload = client.create_users(tokio_stream::iter([user("7", 1)])).await.map(|_| ());
            let stream = async {
                let mut users = client.list_users(request("7")).await?.into_inner();
                while users.message().await?.is_some() {}
                users.trailers().await.map(|_| ())
            };
            for outcome in [one, upload, stream.await] {
                match outcome {
                    Ok(()) => successes += 1,
                    Err(_) => failures += 1,
                }
            }
        }
    }
    assert!(successes > 20 && failures > 1000, "{successes} successes, {failures} failures");
}

/// The HTTP response of a server: the headers, all data, and the trailers.
async fn answer(
    mut server: UserServiceServer<Users>,
    headers_: Headers,
    pieces: &[Piece],
) -> (HeaderMap, Bytes, HeaderMap) {
    let mut request = http::Request::post("/user.v1.UserService/GetUser").body(body(pieces)).unwrap();
    request.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
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
    // Nothing where the message could be leaves it to tonic.
    let slow: Vec<_> = [Data(vec![])].into_iter().chain(pieces).collect();
    assert_eq!(fast, answer(server(), headers, &slow).await, "{claim}");
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
        ("a message over the limit", of(&"x".repeat(100)), (Code::ResourceExhausted, "the limit is: 100 bytes")),
        ("a message that does not decode", vec![Data(frame(0, &[0xff]))], (Code::Internal, "cannot decode")),
        ("a flag of all ones", vec![Data(frame(255, b"x"))], (Code::Internal, "compression flag: 255")),
        (
            "a length of all ones",
            vec![Data(vec![0, 255, 255, 255, 255])],
            (Code::ResourceExhausted, "4294967295 bytes"),
        ),
        ("half a second message", vec![Data([&one()[..], &[0, 0]].concat())], (Code::Internal, "Unexpected EOF")),
        ("a body that breaks off", vec![Data(one()), Broken], (Code::Cancelled, "broke off: connection reset")),
    ];
    for (claim, pieces, expected) in cases {
        check_server(claim, &[("a", "1"), ("te", "trailers")], pieces, expected).await;
    }
    let flagged = (Code::Internal, "compressed-flag");
    let identity: Headers = &[("grpc-encoding", "identity")];
    check_server("a flag with the identity", identity, vec![Data(frame(1, b"x"))], flagged).await;
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

#[tokio::test]
async fn a_server_refuses_what_is_not_grpc() {
    const GET_USER: &str = "/user.v1.UserService/GetUser";
    const GRPC: Option<&str> = Some("application/grpc");
    let cases: [(&str, &str, Option<&str>, u16, Code); 44] = [
        ("POST", GET_USER, Some("application/grpc\t; charset=utf-8"), 200, Code::Ok),
        ("POST", GET_USER, Some("application/grpc-web-text"), 415, Code::InvalidArgument),
        ("POST", GET_USER, Some("application/grpc/x"), 415, Code::InvalidArgument),
        ("POST", GET_USER, Some("application/grpc,"), 415, Code::InvalidArgument),
        ("PRI", GET_USER, GRPC, 405, Code::Internal),
        ("DELETE", "/", None, 405, Code::Internal),
        ("POST", "/", GRPC, 200, Code::Unimplemented),
        ("POST", "//", GRPC, 200, Code::Unimplemented),
        ("POST", "/user.v1.UserService/", GRPC, 200, Code::Unimplemented),
        ("POST", "/user.v1.UserService/GetUser%20", GRPC, 200, Code::Unimplemented),
        ("POST", GET_USER, GRPC, 200, Code::Ok),
        ("POST", GET_USER, Some("application/grpc+proto"), 200, Code::Ok),
        ("POST", GET_USER, Some("application/grpc;charset=utf-8"), 200, Code::Ok),
        ("POST", GET_USER, Some("application/grpc+proto; charset=utf-8"), 200, Code::Ok),
        ("POST", GET_USER, Some("Application/gRPC"), 200, Code::Ok),
        ("POST", GET_USER, Some("application/grpc-web"), 415, Code::InvalidArgument),
        ("POST", GET_USER, Some("application/grpc-web+proto"), 415, Code::InvalidArgument),
        ("POST", GET_USER, Some("application/json"), 415, Code::InvalidArgument),
        ("POST", GET_USER, Some("text/plain"), 415, Code::InvalidArgument),
        ("POST", GET_USER, Some("application/x-www-form-urlencoded"), 415, Code::InvalidArgument),
        ("POST", GET_USER, Some("multipart/form-data; boundary=application/grpc"), 415, Code::InvalidArgument),
        ("POST", GET_USER, Some(""), 415, Code::InvalidArgument),
        ("POST", GET_USER, None, 415, Code::InvalidArgument),
        ("GET", GET_USER, GRPC, 405, Code::Internal),
        ("PUT", GET_USER, GRPC, 405, Code::Internal),
        ("OPTIONS", GET_USER, None, 405, Code::Internal),
        ("HEAD", GET_USER, GRPC, 405, Code::Internal),
        ("TRACE", GET_USER, GRPC, 405, Code::Internal),
        ("CONNECT", GET_USER, GRPC, 405, Code::Internal),
        ("post", GET_USER, GRPC, 405, Code::Internal),
        ("POST", GET_USER, Some("application/grpc+json"), 200, Code::Ok),
        ("POST", GET_USER, Some("application/grpc+"), 200, Code::Ok),
        ("POST", GET_USER, Some("application/grpc, text/html"), 415, Code::InvalidArgument),
        ("POST", GET_USER, Some(" application/grpc"), 415, Code::InvalidArgument),
        ("POST", "http://users.test/user.v1.UserService/GetUser", GRPC, 200, Code::Ok),
        ("POST", "http://users.test/user.v1.UserService/GetUser?x=1", GRPC, 200, Code::Unimplemented),
        ("POST", "*", GRPC, 200, Code::Unimplemented),
        ("POST", "/user.v1.UserService/../user.v1.UserService/GetUser", GRPC, 200, Code::Unimplemented),
        ("POST", "/user.v1.UserService/GetUser?x=1", GRPC, 200, Code::Unimplemented),
        ("POST", "/user.v1.UserService/GetUser?", GRPC, 200, Code::Unimplemented),
        ("POST", "/user.v1.UserService/GetUser/", GRPC, 200, Code::Unimplemented),
        ("POST", "//user.v1.UserService/GetUser", GRPC, 200, Code::Unimplemented),
        ("POST", "/User.V1.userservice/getuser", GRPC, 200, Code::Unimplemented),
        ("POST", "/user.v1.UserService/%47etUser", GRPC, 200, Code::Unimplemented),
    ];
    for (method, path, content_type, http, code) in cases {
        let claim = format!("{method} {path} {content_type:?}");
        let mut request = http::Request::builder().method(method).uri(path);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let request = request.body(body(&[Data(message(&support::request("7")))])).unwrap();
        let (users, events) = Users::new();
        let (head, body) = UserServiceServer::new(users).call(request).await.unwrap().into_parts();
        let trailers = body.collect().await.unwrap().trailers().cloned().unwrap_or_default();
        let status = Status::from_header_map(&head.headers).or_else(|| Status::from_header_map(&trailers)).unwrap();
        assert_eq!((head.status.as_u16(), status.code()), (http, code), "{claim}: {status:?}");
        assert_eq!(head.headers.get("allow").is_some(), http == 405, "{claim}");
        assert_eq!(events.is_empty(), code != Code::Ok, "{claim}");
    }
}
