//! Spans of calls: names, kinds, parents, attributes and status.

use std::time::Duration;

use rgrpc::tonic::transport;
use rgrpc::{Channel, MethodDescriptor, traces};
use tower_layer::Layer;

use crate::support::user_v1::user_service_server::UserServiceServer;
use crate::support::user_v1::{User, user_service_methods};
use crate::support::{request, serve};
use crate::world::{Hop, PAYLOAD, Recorder, attribute, both, call_each_kind, client, lines, read, traced, tree};

#[tokio::test]
async fn each_kind_has_a_span_on_either_side_in_process_and_over_a_socket() {
    let recorder = Recorder::start();
    for (client, place) in both(|| Hop(None)).await.into_iter().zip(["in process", "socket"]) {
        call_each_kind(&client).await;
        let spans = recorder.spans(8).await;
        let expected = ["GetUser", "ListUsers", "CreateUsers", "Chat"].map(|method| {
            [format!("client user.v1.UserService/{method} OK"), format!("  server user.v1.UserService/{method} OK")]
        });
        assert_eq!(tree(&spans), expected.concat(), "{place}");
        for call in spans.chunks(2) {
            assert_eq!(call[0].span_context.trace_id(), call[1].span_context.trace_id(), "{place}");
            assert_eq!(attribute(&call[0], "rpc.system.name").as_deref(), Some("grpc"));
            assert_eq!(attribute(&call[1], "rpc.method").as_deref(), Some(&*call[1].name));
            assert_eq!(attribute(&call[1], "network.peer.address").is_some(), place == "socket");
        }
    }
}

#[tokio::test]
async fn no_payload_is_in_a_span() {
    let recorder = Recorder::start();
    for client in both(|| Hop(None)).await {
        call_each_kind(&client).await;
        let spans = format!("{:?}", recorder.spans(8).await);
        assert!(!spans.contains(PAYLOAD), "{spans}");
    }
}

#[tokio::test]
async fn a_failure_is_an_error_where_it_was_made() {
    let recorder = Recorder::start();
    for client in both(|| Hop(None)).await {
        client.get_user(request("")).await.unwrap_err();
        client.get_user(request("broken")).await.unwrap_err();
        read(client.list_users(request("fail")).await).await.unwrap_err();
        let spans = recorder.spans(6).await;
        let expected = [
            r#"client user.v1.UserService/GetUser NOT_FOUND error="no such user""#,
            "  server user.v1.UserService/GetUser NOT_FOUND",
            r#"client user.v1.UserService/GetUser INTERNAL error="broken""#,
            r#"  server user.v1.UserService/GetUser INTERNAL error="broken""#,
            r#"client user.v1.UserService/ListUsers DATA_LOSS error="gone""#,
            r#"  server user.v1.UserService/ListUsers DATA_LOSS error="gone""#,
        ];
        assert_eq!(tree(&spans), expected);
        assert_eq!(attribute(&spans[1], "error.type"), None);
        assert_eq!(attribute(&spans[3], "error.type").as_deref(), Some("INTERNAL"));
    }
}

#[tokio::test]
async fn a_panic_is_an_error_of_the_server() {
    let recorder = Recorder::start();
    for client in both(|| Hop(None)).await {
        client.get_user(request("panic")).await.unwrap_err();
        let spans = recorder.spans(2).await;
        let error = r#"user.v1.UserService/GetUser UNKNOWN error="the handler of the call panicked""#;
        assert_eq!(tree(&spans), [format!("client {error}"), format!("  server {error}")]);
    }
}

#[tokio::test]
async fn a_dropped_stream_and_a_dropped_call_are_cancelled() {
    let recorder = Recorder::start();
    for client in both(|| Hop(None)).await {
        let mut users = client.list_users(request("endless")).await.unwrap().into_inner();
        users.message().await.unwrap();
        drop(users);
        let late = client.get_user(request("hang")).into_future();
        tokio::time::timeout(Duration::from_millis(50), late).await.unwrap_err();
        let spans = recorder.spans(4).await;
        let cancelled: Vec<_> = spans.iter().map(|span| attribute(span, "rpc.response.status_code").unwrap()).collect();
        assert_eq!(cancelled, ["CANCELLED"; 4]);
    }
}

#[tokio::test]
async fn a_passed_deadline_is_an_error_of_both() {
    let recorder = Recorder::start();
    // That of the server: whose own ends the call first is chance, and the other side may hear of no more than a reset.
    let server = || traced(Hop(None)).timeout(Duration::from_millis(50));
    let address = serve(transport::Server::builder().add_service(server())).await;
    for client in [client(Channel::new(server())), client(Channel::connect(address).await.unwrap())] {
        client.get_user(request("hang")).await.unwrap_err();
        for span in recorder.spans(2).await {
            assert_eq!(attribute(&span, "error.type").as_deref(), Some("DEADLINE_EXCEEDED"));
        }
    }
}

#[tokio::test]
async fn unknown_methods_share_one_span_name() {
    const NO_SUCH: MethodDescriptor = MethodDescriptor::unary("/user.v1.UserService/NoSuch");
    let recorder = Recorder::start();
    let address = serve(transport::Server::builder().add_service(traced(Hop(None)))).await;
    for channel in [Channel::new(traced(Hop(None))), Channel::connect(address).await.unwrap()] {
        channel.unary::<_, User>(&NO_SUCH, request("")).await.unwrap_err();
        let spans = recorder.spans(1).await;
        assert_eq!(spans[0].name, "grpc");
        assert_eq!(attribute(&spans[0], "rpc.method").as_deref(), Some("_OTHER"));
        assert_eq!(attribute(&spans[0], "rpc.method_original").as_deref(), Some("user.v1.UserService/NoSuch"));
        assert_eq!(attribute(&spans[0], "error.type").as_deref(), Some("UNIMPLEMENTED"));
    }
}

#[tokio::test]
async fn health_checks_have_no_span() {
    use rgrpc::{health::HealthReporter, tonic::Request};
    use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
    let recorder = Recorder::start();
    let users = UserServiceServer::new(Hop(None));
    let server =
        rgrpc::serve("127.0.0.1:0").service(users).health_by(HealthReporter::new()).intercept(traces::server());
    let server = server.bind().await.unwrap();
    let address = format!("http://{}", server.addresses()[0]);
    tokio::spawn(server.until(std::future::pending()));
    let channel = Channel::connect(address).await.unwrap();
    HealthClient::new(channel.transport()).check(Request::new(HealthCheckRequest::default())).await.unwrap();
    client(channel).get_user(request("7")).await.unwrap();
    assert_eq!(recorder.spans(2).await.len(), 2);
}

#[tokio::test]
async fn a_layer_traces_the_services_of_others() {
    let recorder = Recorder::start();
    let layer = rgrpc::intercept::layer(traces::server()).describe(&user_service_methods::SERVICE);
    let server = transport::Server::builder().add_service(layer.layer(UserServiceServer::new(Hop(None))));
    let client = client(Channel::connect(serve(server).await).await.unwrap());
    read(client.list_users(request("7")).await).await.unwrap();
    let spans = recorder.spans(2).await;
    assert_eq!(lines(&spans[1]), ["in the handler", "in the stream", "in the stream"]);
}
