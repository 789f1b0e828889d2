//! Interceptors around all services of a server, as a tower layer.
#![cfg(feature = "transport")]

mod support;

use std::mem;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rgrpc::intercept::{self, Head, Intercept, InterceptLayer, Messages, Next, from_fn};
use rgrpc::tonic::transport::Server;
use rgrpc::tonic::transport::server::TcpIncoming;
use rgrpc::{Channel, Code, Deadline, MethodDescriptor, Response, Status, Streaming};
use tokio_stream::StreamExt;
use tower_layer::Layer;
use user_v1::User;
use user_v1::user_service_client::UserServiceClient;
use user_v1::user_service_methods::SERVICE;
use user_v1::user_service_server::UserServiceServer;

use support::{Events, Users, request, user, user_v1};

const CHECK: MethodDescriptor = MethodDescriptor::unary("/grpc.health.v1.Health/Check");

/// Clients of a server behind `layer`, over a socket and in process.
async fn layered(layer: impl Fn() -> InterceptLayer) -> [(UserServiceClient, Events); 2] {
    let (users, events) = Users::new();
    let (_, health) = tonic_health::server::health_reporter();
    let router = Server::builder().layer(layer()).add_service(health).add_service(UserServiceServer::new(users));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true))));
    let over_socket = Channel::connect(format!("http://{address}")).await.unwrap();
    let (users, more_events) = Users::new();
    let in_process = Channel::new(layer().layer(UserServiceServer::new(users)));
    [(UserServiceClient::new(over_socket), events), (UserServiceClient::new(in_process), more_events)]
}

type Log = Arc<Mutex<Vec<String>>>;

/// Notes the path and the kind of each call, the sizes of its messages and what it ends with.
fn noting(log: &Log) -> impl Intercept + use<> {
    let log = log.clone();
    from_fn(move |head: Head, next: Next| {
        let line = format!("{} {:?}", head.path(), head.method().map(MethodDescriptor::kind));
        let [requests, responses] = [(); 2].map(|()| Arc::new(Mutex::new(Vec::new())));
        let (came, went, log) = (requests.clone(), responses.clone(), log.clone());
        next.run(head)
            .on_request(move |len| came.lock().unwrap().push(len))
            .on_response(move |len| went.lock().unwrap().push(len))
            .on_end(move |status| {
                let [requests, responses] = [requests, responses].map(|sizes| mem::take(&mut *sizes.lock().unwrap()));
                log.lock().unwrap().push(format!("{line} {:?} {requests:?} {responses:?}", status.code()));
            })
    })
}

/// The only line, once it is there.
async fn line(log: &Log) -> String {
    for _ in 0..1000 {
        if let Some(line) = log.lock().unwrap().pop() {
            return line;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("nothing was noted")
}

async fn all(response: Result<Response<Streaming<User>>, Status>) -> Vec<Result<User, Code>> {
    let responses = response.unwrap().into_inner();
    responses.map(|user| user.map_err(|status| status.code())).collect().await
}

#[tokio::test]
async fn a_layer_sees_the_calls_of_all_services() {
    let log = Log::default();
    let users = || tokio_stream::iter((0..2).map(|n| user("abc", n)));
    let note = |path: &str| format!("/user.v1.UserService/{path}");
    for (client, mut events) in layered(|| intercept::layer(noting(&log)).describe(&SERVICE)).await {
        client.get_user(request("7")).await.unwrap();
        assert_eq!(line(&log).await, note("GetUser Some(Unary) Ok [3] [14]"));
        client.get_user(request("")).await.unwrap_err();
        assert_eq!(line(&log).await, note("GetUser Some(Unary) NotFound [0] []"));
        all(client.list_users(request("7")).await).await;
        assert_eq!(line(&log).await, note("ListUsers Some(ServerStreaming) Ok [3] [3, 5, 5]"));
        all(client.list_users(request("fail")).await).await;
        assert_eq!(line(&log).await, note("ListUsers Some(ServerStreaming) DataLoss [6] [3]"));
        client.create_users(users()).await.unwrap();
        assert_eq!(line(&log).await, note("CreateUsers Some(ClientStreaming) Ok [5, 7] [7]"));
        all(client.chat(users()).await).await;
        assert_eq!(line(&log).await, note("Chat Some(BidiStreaming) Ok [5, 7] [5, 7]"));

        while !events.is_empty() {
            events.next().await;
        }
        let call = tokio::spawn(client.get_user(request("hang")).into_future());
        assert_eq!(events.next().await, "get_user");
        call.abort();
        assert_eq!(line(&log).await, note("GetUser Some(Unary) Cancelled [6] []"));
    }
    let [(client, _events), _] = layered(|| intercept::layer(noting(&log))).await;
    Channel::from(client.clone()).unary::<(), ()>(&CHECK, ()).await.unwrap();
    assert_eq!(line(&log).await, "/grpc.health.v1.Health/Check None Ok [0] [2]");
    client.get_user(request("7")).await.unwrap();
    assert_eq!(line(&log).await, note("GetUser None Ok [3] [14]"));
}

#[tokio::test]
async fn a_layer_answers_refuses_and_cuts_off_calls() {
    let act = || {
        intercept::layer(from_fn(async |mut head: Head, next: Next| {
            match head.metadata.get("act").and_then(|act| act.to_str().ok()) {
                Some("answer") => Ok(Response::new(Messages::one(&user("made up", 1)))),
                Some("refuse") => Err(Status::unauthenticated("who are you")),
                Some("cut") => {
                    let lost = tokio_stream::once(Err(Status::unavailable("lost")));
                    let cut = |messages: Messages| messages.into_encoded().take(2).chain(lost);
                    Ok(next.run(head).await?.map(|messages| Messages::from_encoded(cut(messages))))
                }
                Some("hurry") => {
                    head.deadline = Some(Deadline::after(Duration::from_millis(20)));
                    next.run(head).await
                }
                _ => next.run(head).await,
            }
        }))
    };
    for (client, _events) in layered(act).await {
        let call = || client.list_users(request("7"));
        assert_eq!(all(call().metadata("act", "answer").await).await, [Ok(user("made up", 1))]);
        assert_eq!(call().metadata("act", "refuse").await.unwrap_err().message(), "who are you");
        let cut = all(call().metadata("act", "cut").await).await;
        assert_eq!(cut, [Ok(user("7", 0)), Ok(user("7", 1)), Err(Code::Unavailable)]);
        let late = client.get_user(request("hang")).metadata("act", "hurry").await.unwrap_err();
        assert_eq!(late.code(), Code::DeadlineExceeded);
        assert_eq!(all(call().await).await.len(), 3);
    }
}

#[tokio::test]
async fn metadata_passes_a_layer_in_both_directions() {
    let pass = || intercept::layer(from_fn(|head, next: Next| next.run(head)));
    for (client, _events) in layered(pass).await {
        let call = client.get_user(request("metadata")).metadata("a", "b").metadata_bin("c-bin", [0, 255]);
        let response = call.await.unwrap();
        assert_eq!(response.metadata().get("a").unwrap(), "b");
        assert_eq!(response.metadata().get_bin("c-bin").unwrap().to_bytes().unwrap()[..], [0, 255]);
    }
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn compressed_messages_pass_a_layer_in_both_directions() {
    use rgrpc::CompressionEncoding::Gzip;
    let pass = || intercept::layer(from_fn(|head, next: Next| next.run(head)));
    let take_apart = || {
        intercept::layer(from_fn(async |head, next: Next| {
            Ok(next.run(head).await?.map(|messages| Messages::from_encoded(messages.into_encoded())))
        }))
    };
    for layer in [pass(), take_apart()] {
        let users = UserServiceServer::new(Users::new().0).send_compressed(Gzip).accept_compressed(Gzip);
        let channel = Channel::new(layer.layer(users)).send_compressed(Gzip).accept_compressed(Gzip);
        support::check_each_kind(&UserServiceClient::new(channel)).await;
    }
}
