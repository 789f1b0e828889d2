//! Metrics of calls that a server refuses before its interceptors run.

use std::future::pending;
use std::time::Duration;

use http::Request;
use rgrpc::tonic::body::Body;
use rgrpc::{Channel, Code, intercept, metrics};
use tower_layer::Layer;
use tower_service::Service;

use crate::Recorded;
use crate::support::user_v1::user_service_client::UserServiceClient;
use crate::support::user_v1::user_service_methods::SERVICE;
use crate::support::user_v1::user_service_server::UserServiceServer;
use crate::support::{Users, request};

const GET_USER: &str = r#"grpc_type="unary",grpc_service="user.v1.UserService",grpc_method="GetUser""#;
const OTHER: &str = r#"grpc_type="other",grpc_service="other",grpc_method="other""#;

fn users() -> UserServiceServer<Users> {
    let (users, events) = Users::new();
    drop(events);
    UserServiceServer::new(users)
}

/// A call that is as it should be.
fn call() -> http::request::Builder {
    Request::post("http://x/user.v1.UserService/GetUser").header("content-type", "application/grpc")
}

fn is_counted(recorded: &Recorded, method: &str, code: &str) {
    let mut expected = [
        format!(r#"handled_total{{{method},grpc_code="{code}"}} 1"#),
        format!("handling_seconds_count{{{method}}} 1"),
        format!("started_total{{{method}}} 1"),
    ];
    expected.sort();
    assert_eq!(recorded.counted("grpc_server_", &[]), expected);
}

async fn server_refuses(call: http::request::Builder, method: &str, code: &str) {
    let recorded = Recorded::new();
    users().intercept(metrics::server()).call(call.body(Body::empty()).unwrap()).await.unwrap();
    is_counted(&recorded, method, code);
}

async fn layer_refuses(call: http::request::Builder, method: &str, code: &str) {
    let recorded = Recorded::new();
    let layer = intercept::layer(metrics::server()).describe(&SERVICE);
    layer.layer(users()).call(call.body(Body::empty()).unwrap()).await.unwrap();
    is_counted(&recorded, method, code);
}

#[tokio::test]
async fn a_request_that_is_not_a_call_is_counted() {
    let other_type = || Request::post("http://x/user.v1.UserService/GetUser").header("content-type", "text/plain");
    server_refuses(call().method("GET"), GET_USER, "Internal").await;
    layer_refuses(call().method("GET"), GET_USER, "Internal").await;
    server_refuses(other_type(), GET_USER, "InvalidArgument").await;
    layer_refuses(other_type(), GET_USER, "InvalidArgument").await;
}

#[tokio::test]
async fn a_call_that_comes_too_late_is_counted() {
    server_refuses(call().header("grpc-timeout", "0n"), GET_USER, "DeadlineExceeded").await;
}

#[tokio::test]
async fn a_request_that_is_not_a_call_to_an_unknown_method_is_counted_as_other() {
    let path = |path: &str| call().method("GET").uri(format!("http://x/user.v1.UserService/{path}"));
    server_refuses(path("None1234"), OTHER, "Internal").await;
    server_refuses(path("GetUser?x=1").method("POST"), OTHER, "Unimplemented").await;
    layer_refuses(path("None1234"), OTHER, "Internal").await;
}

#[tokio::test]
async fn a_call_over_the_limit_of_the_server_is_counted() {
    let recorded = Recorded::new();
    let server = rgrpc::serve("127.0.0.1:0").max_calls(1).service(users()).intercept(metrics::server());
    let server = server.bind().await.unwrap();
    let client = Channel::connect(format!("http://{}", server.addresses()[0]));
    tokio::spawn(server.until(pending()));
    let client = UserServiceClient::new(client.await.unwrap());
    let hanging = client.list_users(request("hang")).await.unwrap();
    assert_eq!(client.get_user(request("7")).await.unwrap_err().code(), Code::ResourceExhausted);
    let counted = |code: &str| format!(r#"grpc_server_handled_total{{{GET_USER},grpc_code="{code}"}}"#);
    assert_eq!(recorded.value(&counted("ResourceExhausted")), "1");
    drop(hanging);
    let succeeds = async {
        while client.get_user(request("7")).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    crate::soon(succeeds).await.unwrap();
    assert_eq!(recorded.value(&counted("OK")), "1");
}
