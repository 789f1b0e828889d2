//! Spans of calls that a server refuses before its interceptors run.

use std::future::pending;

use http::Request;
use rgrpc::tonic::body::Body;
use rgrpc::{Channel, intercept, traces};
use tower_layer::Layer;
use tower_service::Service;

use crate::support::request;
use crate::support::user_v1::user_service_client::UserServiceClient;
use crate::support::user_v1::user_service_methods::SERVICE;
use crate::support::user_v1::user_service_server::UserServiceServer;
use crate::world::{Hop, Recorder, attribute, traced, tree};

const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// A call that is as it should be, of a caller that traces.
fn call() -> http::request::Builder {
    let call = Request::post("http://x/user.v1.UserService/GetUser").header("traceparent", CALLER);
    call.header("content-type", "application/grpc")
}

/// A call that `service` ends is to make `span`.
async fn refuses(mut service: impl Service<Request<Body>>, call: http::request::Builder, span: &str) {
    let recorder = Recorder::start();
    assert!(service.call(call.body(Body::empty()).unwrap()).await.is_ok());
    let spans = recorder.spans(1).await;
    assert_eq!(tree(&spans), [span]);
    assert_eq!(spans[0].span_context.trace_id().to_string(), CALLER[3..35]);
    assert_eq!(spans[0].parent_span_id.to_string(), CALLER[36..52]);
}

/// So does a server, and a layer around one.
async fn both_refuse(call: impl Fn() -> http::request::Builder, span: &str) {
    refuses(traced(Hop(None)), call(), span).await;
    let layer = intercept::layer(traces::server()).describe(&SERVICE);
    refuses(layer.layer(UserServiceServer::new(Hop(None))), call(), span).await;
}

#[tokio::test]
async fn a_request_that_is_not_a_call_has_a_span() {
    let is_a_get = r#"server user.v1.UserService/GetUser INTERNAL error="a call is a POST, not a GET""#;
    both_refuse(|| call().method("GET"), is_a_get).await;
    let other_type = || Request::post("http://x/user.v1.UserService/GetUser").header("traceparent", CALLER);
    both_refuse(other_type, "server user.v1.UserService/GetUser INVALID_ARGUMENT").await;
}

#[tokio::test]
async fn a_request_that_is_not_a_call_to_an_unknown_method_has_the_span_name_of_unknown_methods() {
    let path = || call().method("GET").uri("http://x/user.v1.UserService/None1234");
    both_refuse(path, r#"server grpc INTERNAL error="a call is a POST, not a GET""#).await;
}

#[tokio::test]
async fn a_call_that_comes_too_late_has_a_span() {
    let late = call().header("grpc-timeout", "0n");
    refuses(
        traced(Hop(None)),
        late,
        r#"server user.v1.UserService/GetUser DEADLINE_EXCEEDED error="deadline exceeded""#,
    )
    .await;
}

#[tokio::test]
async fn a_call_over_the_limit_of_the_server_has_a_span_with_its_client() {
    let server = rgrpc::serve("127.0.0.1:0").max_calls(1).service(UserServiceServer::new(Hop(None)));
    let server = server.intercept(traces::server()).bind().await.unwrap();
    let client = Channel::connect(format!("http://{}", server.addresses()[0]));
    tokio::spawn(server.until(pending()));
    let client = UserServiceClient::new(client.await.unwrap());
    let hanging = client.list_users(request("endless")).await.unwrap();
    let recorder = Recorder::start();
    client.get_user(request("7")).await.unwrap_err();
    let spans = recorder.spans(1).await;
    assert_eq!(tree(&spans), ["server user.v1.UserService/GetUser RESOURCE_EXHAUSTED"]);
    assert_eq!(attribute(&spans[0], "network.peer.address").as_deref(), Some("127.0.0.1"));
    drop(hanging);
}
