//! Checks which pages may call.

use http::{Method, Request, StatusCode};
use http_body_util::Full;
use rgrpc::web::Cors;

use crate::world::{Answered, BINARY, BOTH, GET_USER, PAGE, Version, ask, run, run_alone};

/// A page of `origin` asks whether it may call, and calls; the headers of both answers.
async fn call(cors: Cors, origin: &str) -> [Answered; 2] {
    let server = run_alone(|server| server.web(cors)).await;
    let preflight = Request::builder().method(Method::OPTIONS).uri(GET_USER).header("host", "test");
    let preflight = preflight.header("origin", origin).header("access-control-request-method", "POST");
    let preflight = preflight.header("access-control-request-headers", "content-type,grpc-timeout,x-tenant");
    let preflight = server.send(Version::Http1, preflight.body(Full::default()).unwrap()).await;
    let request = Request::post(GET_USER).header("host", "test").header("origin", origin);
    let request = request.header("content-type", BINARY).body(ask("wrong").into()).unwrap();
    let response = server.send(Version::Http1, request).await;
    [Answered::read(preflight).await, Answered::read(response).await]
}

const ALLOW: &str = "access-control-allow-origin";

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_call_and_asks_once_in_two_hours() {
    let [preflight, response] = call(Cors::origins([PAGE, "http://localhost:5173"]).unwrap(), PAGE).await;
    assert_eq!((preflight.status, preflight.header(ALLOW)), (StatusCode::OK, PAGE));
    assert_eq!(preflight.header("access-control-allow-methods"), "POST");
    assert_eq!(preflight.header("access-control-allow-headers"), "content-type,grpc-timeout,x-tenant");
    assert_eq!(preflight.header("access-control-max-age"), "7200");
    assert_eq!(preflight.header("access-control-allow-credentials"), "");
    assert!(preflight.header("vary").contains("origin"));
    assert_eq!(response.header(ALLOW), PAGE);
    assert!(response.header("vary").contains("origin"));
}

#[tokio::test]
async fn the_page_can_read_the_status_its_details_and_the_metadata() {
    let [_, response] = call(Cors::origins([PAGE]).unwrap(), PAGE).await;
    let exposed: Vec<_> = response.header("access-control-expose-headers").split(", ").collect();
    for name in ["grpc-status", "grpc-message", "grpc-status-details-bin", "hint"] {
        assert!(exposed.contains(&name), "{name}: {exposed:?}");
    }
}

#[tokio::test]
async fn other_pages_may_not_call() {
    let cases =
        ["https://evil.example", "http://app.example", "https://app.example:8443", "https://app.example.evil", "null"];
    for origin in cases {
        for cors in [Cors::origins([PAGE]).unwrap(), Cors::same_origin()] {
            for answered in call(cors, origin).await {
                assert_eq!(answered.header(ALLOW), "", "{origin}");
            }
        }
    }
}

#[tokio::test]
async fn by_default_no_page_of_another_origin_may_call() {
    for answered in call(Cors::same_origin(), PAGE).await {
        assert_eq!(answered.header(ALLOW), "");
    }
}

#[tokio::test]
async fn origins_can_match_and_can_be_any() {
    let previews = || Cors::matching(|origin| origin.ends_with(".preview.example"));
    let [preflight, response] = call(previews(), "https://7.preview.example").await;
    assert_eq!([preflight.header(ALLOW), response.header(ALLOW)], ["https://7.preview.example"; 2]);
    let [preflight, response] = call(previews(), PAGE).await;
    assert_eq!([preflight.header(ALLOW), response.header(ALLOW)], [""; 2]);
    let [preflight, response] = call(Cors::any(), PAGE).await;
    assert_eq!([preflight.header(ALLOW), response.header(ALLOW)], ["*"; 2]);
}

#[tokio::test]
async fn credentials_and_the_maximum_age_can_be_set() {
    let cors = Cors::origins([PAGE]).unwrap().credentials().max_age(std::time::Duration::from_secs(60));
    let [preflight, response] = call(cors, PAGE).await;
    assert_eq!(preflight.header("access-control-allow-credentials"), "true");
    assert_eq!(preflight.header("access-control-max-age"), "60");
    assert_eq!(response.header("access-control-allow-credentials"), "true");
}

#[tokio::test]
async fn clients_that_are_not_pages_need_no_permission() {
    let server = run(|server| server).await;
    for version in BOTH {
        let request = Request::post(GET_USER).header("host", "test").header("content-type", BINARY);
        let answered = Answered::read(server.send(version, request.body(ask("7").into()).unwrap()).await).await;
        assert_eq!(answered.parse().0.len(), 1);
        assert_eq!(answered.header("access-control-expose-headers"), "");
    }
}
