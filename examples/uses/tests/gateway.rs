//! HTTP requests to the gateway and their responses.

use std::error::Error;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use rgrpc::{Channel, ConnectError};
use tower_service::Service;
use uses::gateway::{Board, routes};
use uses::proto::notes::v1::notes_client::NotesClient;
use uses::proto::notes::v1::notes_server::NotesServer;

/// Makes a request, and returns the status and the body of the response.
async fn request(routes: &mut Router, method: &str, path: &str, body: &str) -> Result<(u16, String), Box<dyn Error>> {
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    let response = routes.call(request.body(Body::from(body.to_owned()))?).await?;
    let status = response.status().as_u16();
    Ok((status, String::from_utf8(to_bytes(response.into_body(), 10_000).await?.to_vec())?))
}

#[tokio::test]
async fn messages_are_json_and_codes_are_http_statuses() -> Result<(), Box<dyn Error>> {
    let mut routes = routes(NotesClient::new(Channel::new(NotesServer::new(Board::default()))));
    for (method, path, body, expected) in [
        (
            "POST",
            "/v1/notes",
            r#"{"authorName": "Ada", "text": "hi"}"#,
            (201, r#"{"id":"1","authorName":"Ada","text":"hi"}"#),
        ),
        (
            "POST",
            "/v1/notes",
            r#"{"author_name": "Alan", "text": "ho"}"#,
            (201, r#"{"id":"2","authorName":"Alan","text":"ho"}"#),
        ),
        ("GET", "/v1/notes/2", "", (200, r#"{"id":"2","authorName":"Alan","text":"ho"}"#)),
        ("GET", "/v1/notes?authorName=Ada", "", (200, r#"{"notes":[{"id":"1","authorName":"Ada","text":"hi"}]}"#)),
        ("GET", "/v1/notes?authorName=Eve", "", (200, "{}")),
        ("GET", "/v1/notes/3", "", (404, r#"{"code":5,"message":"there is no note 3"}"#)),
        ("POST", "/v1/notes", "{}", (400, r#"{"code":3,"message":"the note has no text"}"#)),
    ] {
        let (status, response) = request(&mut routes, method, path, body).await?;
        assert_eq!((status, &*response), expected, "{method} {path}");
    }
    let (status, response) = request(&mut routes, "POST", "/v1/notes", r#"{"title": "hi"}"#).await?;
    assert!(status == 400 && response.contains("title: unknown field"), "{status} {response}");
    Ok(())
}

#[tokio::test]
async fn a_service_that_cannot_be_reached_is_unavailable() -> Result<(), Box<dyn Error>> {
    let channel: Result<Channel, ConnectError> = Channel::connect("unix:/nowhere/notes.sock").lazy();
    let (status, response) = request(&mut routes(NotesClient::new(channel?)), "GET", "/v1/notes/1", "").await?;
    assert!(status == 503 && response.starts_with(r#"{"code":14,"#), "{status} {response}");
    Ok(())
}
