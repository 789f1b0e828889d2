//! Checks messages, metadata, trailers and statuses in both forms, over both versions of HTTP.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::StatusCode;
use rgrpc::Code;
use rgrpc::intercept::{Head, Next, from_fn};

use crate::world::{BINARY, BOTH, GET_USER, LIST_USERS, TEXT, Version, ask, parse, post, run};

#[tokio::test]
async fn the_trailers_come_after_one_response() {
    let server = run(|server| server).await;
    for version in BOTH {
        let answered = server.post(version, GET_USER, BINARY, ask("7")).await;
        assert_eq!((answered.status, answered.header("content-type")), (StatusCode::OK, BINARY), "{version:?}");
        assert_eq!(answered.header("served-by"), "a");
        let (users, trailers) = answered.parse();
        assert_eq!(users.len(), 1);
        assert_eq!(trailers, ["cost: 7", "grpc-status: 0"], "{version:?}");
    }
}

#[tokio::test]
async fn the_trailers_come_after_the_last_response_of_a_stream() {
    let server = run(|server| server).await;
    for version in BOTH {
        let (users, trailers) = server.post(version, LIST_USERS, BINARY, ask("7")).await.parse();
        assert_eq!(users.iter().map(|user| user.n).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(trailers, ["grpc-status: 0"], "{version:?}");
        let answered = server.post(version, LIST_USERS, BINARY, ask("fails")).await;
        assert_eq!((answered.parse().0.len(), answered.outcome()), (2, (Code::DataLoss, "gone".to_owned())));
    }
}

/// The bytes that pieces of base64 stand for, each of which may have an end of its own.
fn decode(text: &[u8]) -> Vec<u8> {
    let (groups, rest) = text.as_chunks::<4>();
    assert!(rest.is_empty());
    groups.iter().flat_map(|group| BASE64_STANDARD.decode(group).unwrap()).collect()
}

#[tokio::test]
async fn text_is_base64_in_both_directions() {
    let server = run(|server| server).await;
    for version in BOTH {
        for (path, messages) in [(GET_USER, 1), (LIST_USERS, 3)] {
            let answered = server.post(version, path, TEXT, BASE64_STANDARD.encode(ask("7"))).await;
            assert_eq!(answered.header("content-type"), "application/grpc-web-text+proto");
            let (users, trailers) = parse(&decode(&answered.body));
            assert!(trailers.contains(&"grpc-status: 0".to_owned()), "{version:?} {path}");
            assert_eq!(users.len(), messages, "{version:?} {path}");
        }
    }
}

#[tokio::test]
async fn base64_may_come_in_pieces_with_padding_each() {
    let server = run(|server| server).await;
    let pieces = ask("seven").chunks(4).map(|piece| BASE64_STANDARD.encode(piece)).collect::<String>();
    assert!(pieces.contains("=="));
    let answered = server.post(Version::Http1, GET_USER, TEXT, pieces).await;
    assert_eq!(parse(&decode(&answered.body)).0.len(), 1);
}

#[tokio::test]
async fn metadata_reaches_the_handler() {
    let server = run(|server| server).await;
    for version in BOTH {
        let request = post(GET_USER, BINARY).header("asks", "page");
        let request = request.body(http_body_util::Full::from(ask("7"))).unwrap();
        let answered = crate::world::Answered::read(server.send(version, request).await).await;
        assert_eq!(answered.parse().0[0].id, "page");
    }
}

#[tokio::test]
async fn an_error_keeps_its_text_its_details_and_its_metadata() {
    let server = run(|server| server).await;
    for version in BOTH {
        let answered = server.post(version, GET_USER, BINARY, ask("wrong")).await;
        let text = "falsch:%20gr%C3%B6%C3%9Fer%20als%20100%20%25".to_owned();
        assert_eq!(answered.outcome(), (Code::InvalidArgument, text), "{version:?}");
        assert!(!answered.header("grpc-status-details-bin").is_empty());
        assert_eq!(answered.header("hint"), "other");
    }
}

#[tokio::test]
async fn interceptors_see_calls_of_grpc() {
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let note = seen.clone();
    let server = run(|server| {
        server.intercept(from_fn(move |head: Head, next: Next| {
            let timeout = head.deadline.is_some();
            note.lock().unwrap().push(format!("{} {timeout}", head.path()));
            next.run(head)
        }))
    })
    .await;
    server.post(Version::Http1, GET_USER, BINARY, ask("7")).await;
    let request = post(GET_USER, BINARY).header("grpc-timeout", "1S").body(ask("7").into()).unwrap();
    server.send(Version::Http2, request).await;
    assert_eq!(*seen.lock().unwrap(), [format!("{GET_USER} false"), format!("{GET_USER} true")]);
}
