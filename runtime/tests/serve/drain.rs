//! Checks the shutdown of a server: who is told what, and when.

use std::time::Duration;

use bytes::Bytes;
use rgrpc::serve::Ended;
use rgrpc::{Code, Status, Streaming};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::user_v1::User;
use crate::world::{Network, Running, ask, run, seconds};

/// Lets a client be connected.
async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

/// The status at the end of a stream, and how many messages came before.
async fn read(mut users: Streaming<User>) -> (usize, Option<Status>) {
    let mut received = 0;
    loop {
        match users.message().await {
            Ok(Some(_)) => received += 1,
            Ok(None) => return (received, None),
            Err(status) => return (received, Some(status)),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_without_calls_ends_at_once() {
    let server = run(|server| server).await;
    server.network.client().get_user(ask("")).await.unwrap();
    let (ended, took) = server.shut_down().await;
    assert_eq!(ended, Ended::Drained);
    assert!(took < Duration::from_millis(100), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn running_calls_finish() {
    let server = run(|server| server.drain(seconds(30))).await;
    let client = server.network.client();
    let call = tokio::spawn(async move { client.get_user(ask("20")).await });
    settle().await;
    let (ended, took) = server.shut_down().await;
    assert_eq!(ended, Ended::Drained);
    assert_eq!(took.as_secs(), 19, "{took:?}");
    call.await.unwrap().unwrap();
}

async fn is_cut(what: &'static str) {
    let server = run(|server| server.drain(seconds(30))).await;
    let users = server.network.client().list_users(ask(what)).await.unwrap().into_inner();
    let stream = tokio::spawn(read(users));
    settle().await;
    let (ended, took) = server.shut_down().await;
    assert_eq!(ended, Ended::Cut);
    assert_eq!(took.as_secs(), 30, "{took:?}");
    let (received, status) = stream.await.unwrap();
    let status = status.unwrap();
    assert!(received > 0);
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert_eq!(status.message(), "the server is shutting down");
}

#[tokio::test(start_paused = true)]
async fn a_silent_stream_ends_at_the_deadline() {
    is_cut("silent").await;
}

#[tokio::test(start_paused = true)]
async fn an_endless_stream_ends_at_the_deadline() {
    is_cut("slow").await;
}

#[tokio::test(start_paused = true)]
async fn a_unary_call_ends_at_the_deadline() {
    let server = run(|server| server.drain(seconds(30))).await;
    let client = server.network.client();
    let call = tokio::spawn(async move { client.get_user(ask("1000")).await });
    settle().await;
    assert_eq!(server.shut_down().await.0, Ended::Cut);
    let status = call.await.unwrap().unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Unavailable, "the server is shutting down"));
}

#[tokio::test]
async fn a_stream_that_never_pauses_ends_at_the_deadline() {
    let server = run(|server| server.drain(Duration::from_millis(50))).await;
    let users = server.network.client().list_users(ask("restless")).await.unwrap().into_inner();
    let stream = tokio::spawn(read(users));
    yield_now().await;
    assert_eq!(server.shut_down().await.0, Ended::Cut);
    let (_, status) = stream.await.unwrap();
    assert_eq!(status.unwrap().code(), Code::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_reads_nothing_does_not_delay_the_shutdown() {
    let server = run(|server| server.drain(seconds(30))).await;
    let _unread = server.network.client().list_users(ask("restless")).await.unwrap().into_inner();
    settle().await;
    let (ended, took) = server.shut_down().await;
    assert_eq!(ended, Ended::Cut);
    assert!(took <= seconds(32), "{took:?}");
}

async fn watch(server: &Running) -> tonic::Streaming<tonic_health::pb::HealthCheckResponse> {
    let mut health = HealthClient::new(server.network.channel().transport());
    let mut watch =
        health.watch(HealthCheckRequest { service: "user.v1.UserService".into() }).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status, 1);
    watch
}

#[tokio::test(start_paused = true)]
async fn a_health_watch_is_told_of_the_shutdown_and_does_not_delay_it() {
    let server = run(|server| server.health().drain(seconds(30))).await;
    let mut watch = watch(&server).await;
    let (ended, took) = server.shut_down().await;
    assert_eq!(ended, Ended::Drained);
    assert!(took < seconds(1), "{took:?}");
    assert_eq!(watch.message().await.unwrap().unwrap().status, 2);
    assert_eq!(watch.message().await.unwrap_err().code(), Code::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn a_lame_duck_serves_and_reports_not_serving() {
    let server = run(|server| server.health().lame_duck(seconds(5))).await;
    let (network, mut watch) = (server.network.clone(), watch(&server).await);
    let ended = tokio::spawn(server.shut_down());
    let start = Instant::now();
    assert_eq!(watch.message().await.unwrap().unwrap().status, 2);
    assert_eq!(start.elapsed().as_secs(), 0);
    sleep(seconds(4)).await;
    network.client().get_user(ask("")).await.unwrap();
    sleep(seconds(2)).await;
    assert_eq!(network.client().get_user(ask("")).await.unwrap_err().code(), Code::Unavailable);
    let (ended, took) = ended.await.unwrap();
    assert_eq!((ended, took.as_secs()), (Ended::Drained, 5));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_has_not_begun_does_not_delay_the_shutdown() {
    let server = run(|server| server).await;
    let _silent = server.network.dial().unwrap();
    settle().await;
    assert!(server.shut_down().await.1 < seconds(1));
}

#[tokio::test(start_paused = true)]
async fn a_server_whose_future_is_dropped_ends_its_connections() {
    let (network, listen) = Network::new();
    let server =
        rgrpc::serve(listen).service(crate::user_v1::user_service_server::UserServiceServer::new(crate::world::Users));
    let client = network.client();
    let call = tokio::spawn(async move { client.get_user(ask("1000")).await });
    let dropped = tokio::time::timeout(seconds(1), server.until(std::future::pending())).await;
    assert!(dropped.is_err());
    assert_eq!(call.await.unwrap().unwrap_err().code(), Code::Unavailable);
}

/// A client that reads a window of a response every second.
struct SlowClient {
    /// In bytes.
    window: u32,
    /// The size of the response, by its name, and in bytes.
    size: &'static str,
    bytes: usize,
}

const SLOW: [SlowClient; 2] = [
    SlowClient { window: 64 << 10, size: "large", bytes: (1 << 20) + 11 },
    SlowClient { window: 100, size: "small", bytes: 1000 + 10 },
];

impl SlowClient {
    /// Makes a call; whether all of the response arrives, and its status.
    async fn reads_all(&self, network: &Network) -> bool {
        let mut builder = h2::client::Builder::new();
        builder.initial_window_size(self.window);
        let (requests, connection) = builder.handshake(network.dial().unwrap()).await.unwrap();
        tokio::spawn(connection);
        let mut requests = requests.ready().await.unwrap();
        let request = http::Request::post("http://test/user.v1.UserService/GetUser")
            .header("content-type", "application/grpc")
            .body(())
            .unwrap();
        let (response, mut stream) = requests.send_request(request, false).unwrap();
        let message = [b"\0\0\0\0\x07\x0a\x05", self.size.as_bytes()].concat();
        stream.send_data(Bytes::from(message), true).unwrap();
        let mut body = response.await.unwrap().into_body();
        let mut received = 0;
        while let Some(Ok(piece)) = body.data().await {
            received += piece.len();
            sleep(seconds(1) * u32::try_from(piece.len()).unwrap() / self.window).await;
            body.flow_control().release_capacity(piece.len()).unwrap();
        }
        matches!(body.trailers().await, Ok(Some(_))) && received == self.bytes
    }
}

#[tokio::test(start_paused = true)]
async fn a_complete_response_reaches_a_slow_client_while_the_server_drains() {
    for client in SLOW {
        let server = run(|server| server.drain(seconds(25))).await;
        let network = server.network.clone();
        let size = client.size;
        let read = tokio::spawn(async move { client.reads_all(&network).await });
        sleep(seconds(1)).await;
        assert_eq!(server.shut_down().await.0, Ended::Drained, "{size}");
        assert!(read.await.unwrap(), "{size}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_complete_response_reaches_a_slow_client_on_a_connection_that_is_too_old() {
    for client in SLOW {
        let server = run(|server| server.max_connection_age(seconds(1))).await;
        assert!(client.reads_all(&server).await, "{}", client.size);
    }
}
