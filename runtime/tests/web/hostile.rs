//! Checks invalid requests: each ends with its code, and other calls go on.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{Request, StatusCode};
use http_body_util::Full;
use rgrpc::Code;
use rgrpc::web::Cors;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use crate::world::{BINARY, BOTH, GET_USER, TEXT, Version, ask, run, run_alone};

async fn check(path: &str, content_type: &str, body: Vec<u8>, code: Code, text: &str) {
    let server = run(|server| server).await;
    for version in BOTH {
        let answered = server.post(version, path, content_type, body.clone()).await;
        let (found, message) = answered.outcome();
        assert_eq!(found, code, "{version:?} {body:?} {message}");
        let message = message.replace("%20", " ");
        assert!(message.contains(text), "{version:?} {message}");
        server.post(version, GET_USER, BINARY, ask("7")).await;
    }
}

#[tokio::test]
async fn a_request_that_is_not_base64_is_internal() {
    const PROBLEM: &str = "the request is not base64, which its content type announces";
    for text in ["!!!!", "AAAAA", "AAAA\n", "A===", "====", "AAAAAAB=", "AAA", "äöü€", "AAAA AAAA"] {
        check(GET_USER, TEXT, text.into(), Code::Internal, PROBLEM).await;
    }
    check(GET_USER, TEXT, ask("7"), Code::Internal, PROBLEM).await;
    let whole = BASE64_STANDARD.encode(ask("a longer one"));
    check(GET_USER, TEXT, whole.as_bytes()[..whole.len() - 1].into(), Code::Internal, PROBLEM).await;
    check("/user.v1.UserService/CreateUsers", TEXT, b"AAAAA!==".into(), Code::Internal, PROBLEM).await;
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused_by_its_length() {
    let huge = [0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3];
    check(GET_USER, BINARY, huge.into(), Code::ResourceExhausted, "").await;
    check(GET_USER, TEXT, BASE64_STANDARD.encode(huge).into(), Code::ResourceExhausted, "").await;
    let full = [&[0, 0, 64, 0, 1][..], &vec![0; (4 << 20) + 1]].concat();
    check(GET_USER, BINARY, full, Code::ResourceExhausted, "").await;
}

#[tokio::test]
async fn an_incomplete_message_is_internal() {
    for length in 1..ask("7").len() {
        check(GET_USER, BINARY, ask("7")[..length].into(), Code::Internal, "").await;
        check(GET_USER, TEXT, BASE64_STANDARD.encode(&ask("7")[..length]).into(), Code::Internal, "").await;
    }
}

#[tokio::test]
async fn no_message_two_messages_and_invalid_ones_have_the_codes_of_grpc() {
    check(GET_USER, BINARY, Vec::new(), Code::Unimplemented, "").await;
    check(GET_USER, BINARY, [ask("7"), ask("7")].concat(), Code::Unimplemented, "").await;
    check(GET_USER, BINARY, vec![0, 0, 0, 0, 2, 0xff, 0xff], Code::Internal, "").await;
    // A frame of trailers is for responses.
    check(GET_USER, BINARY, [ask("7"), vec![0x80, 0, 0, 0, 0]].concat(), Code::Internal, "").await;
    check("/user.v1.UserService/Missing", BINARY, ask("7"), Code::Unimplemented, "").await;
    check("/other.Service/GetUser", BINARY, ask("7"), Code::Unimplemented, "unknown service").await;
    check("/", BINARY, ask("7"), Code::Unimplemented, "").await;
}

#[tokio::test]
async fn a_request_that_is_not_a_call_gets_an_http_status() {
    let server = run(|server| server).await;
    let cases = [
        (Request::get("/"), StatusCode::METHOD_NOT_ALLOWED),
        (Request::get(GET_USER).header("content-type", BINARY), StatusCode::METHOD_NOT_ALLOWED),
        (Request::post(GET_USER).header("content-type", "application/json"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (Request::post(GET_USER).header("content-type", "text/plain"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            Request::post(GET_USER).header("content-type", "application/grpc-website"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (Request::post(GET_USER), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (Request::post(GET_USER).header("content-type", "application/grpc"), StatusCode::HTTP_VERSION_NOT_SUPPORTED),
    ];
    for (request, status) in cases {
        let request = request.header("host", "test").body(Full::default()).unwrap();
        let shown = format!("{request:?}");
        assert_eq!(server.send(Version::Http1, request).await.status(), status, "{shown}");
    }
}

/// How long a connection lives on which `bytes` are sent, and what is answered.
async fn life(bytes: &[u8]) -> (u64, String) {
    let server = run(|server| server).await;
    let mut client = server.dial().unwrap();
    let start = Instant::now();
    client.write_all(bytes).await.unwrap();
    let mut answered = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(1000), client.read_to_end(&mut answered)).await;
    let answered = String::from_utf8_lossy(&answered);
    (start.elapsed().as_secs(), answered.lines().next().unwrap_or_default().to_owned())
}

#[tokio::test(start_paused = true)]
async fn a_client_that_stalls_is_closed() {
    let none = String::new();
    assert_eq!(life(b"").await, (10, none.clone()));
    assert_eq!(life(b"PRI * HTTP/2").await, (10, none.clone()));
    assert_eq!(life(b"POST /user.v1.UserService/GetUser HTTP/1.1\r\nhost: te").await.0, 60);
    // It has had an answer, and nothing to ask any more.
    let idle = b"GET / HTTP/1.1\r\nhost: test\r\n\r\n";
    assert_eq!(life(idle).await, (60, "HTTP/1.1 405 Method Not Allowed".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn the_connection_of_a_client_that_does_not_speak_http_is_closed() {
    assert_eq!(life(&[22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]).await.0, 0);
    assert_eq!(life(b"\0\0\0\0\0\0\0\0").await.0, 0);
    assert_eq!(life(b"hello\r\n\r\n").await, (0, "HTTP/1.1 400 Bad Request".to_owned()));
    let large = [b"GET / HTTP/1.1\r\nx: ".as_slice(), &vec![b'a'; 20_000]].concat();
    assert_eq!(life(&large).await, (0, "HTTP/1.1 431 Request Header Fields Too Large".to_owned()));
}

#[tokio::test]
async fn a_server_without_web_speaks_only_http2() {
    let server = run_alone(|server| server).await;
    let answered = server.post(Version::Http2, GET_USER, BINARY, ask("7")).await;
    assert_eq!(answered.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let mut client = server.dial().unwrap();
    client.write_all(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
    let mut answered = Vec::new();
    let _ = client.read_to_end(&mut answered).await;
    assert!(!String::from_utf8_lossy(&answered).contains("HTTP/1"));
}

#[tokio::test]
async fn an_upload_that_is_cut_off_does_not_count_as_complete() {
    let server = run_alone(|server| server.web(Cors::same_origin())).await;
    let mut client = server.dial().unwrap();
    let head = "POST /user.v1.UserService/CreateUsers HTTP/1.1\r\nhost: test\r\ncontent-type: application/grpc-web\r\n";
    client.write_all(format!("{head}content-length: 100\r\n\r\n").as_bytes()).await.unwrap();
    client.write_all(&ask("7")).await.unwrap();
    client.shutdown().await.unwrap();
    let mut answered = Vec::new();
    client.read_to_end(&mut answered).await.unwrap();
    assert!(!String::from_utf8_lossy(&answered).contains("grpc-status: 0"));
}
