//! Checks the limits on what clients may do.

use std::future::IntoFuture;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use rgrpc::Code;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::world::{MADE, ask, run, seconds};

/// How long a connection lives on which `bytes` are sent.
async fn life(bytes: &[u8]) -> Duration {
    let server = run(|server| server).await;
    let mut client = server.network.dial().unwrap();
    let start = Instant::now();
    client.write_all(bytes).await.unwrap();
    let _ = client.read_to_end(&mut Vec::new()).await;
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_begin_is_closed() {
    assert_eq!(life(b"").await.as_secs(), 10);
    assert_eq!(life(b"PRI * HTTP/2").await.as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn the_connection_of_a_client_that_speaks_another_protocol_is_closed() {
    assert_eq!(life(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.as_secs(), 0);
    assert_eq!(life(&[22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]).await.as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_gone_is_closed() {
    // Its preface and its settings, and nothing any more.
    assert_eq!(life(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.as_secs(), 80);
}

#[tokio::test(start_paused = true)]
async fn a_connection_over_the_limit_is_refused() {
    let server = run(|server| server.max_connections(2)).await;
    let first = server.network.client();
    first.get_user(ask("")).await.unwrap();
    let second = server.network.client();
    second.get_user(ask("")).await.unwrap();
    assert_eq!(server.network.client().get_user(ask("")).await.unwrap_err().code(), Code::Unavailable);
    first.get_user(ask("")).await.unwrap();
    drop(second);
    sleep(seconds(1)).await;
    server.network.client().get_user(ask("")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_call_over_the_limit_of_its_connection_waits() {
    let server = run(|server| server.max_calls_per_connection(2)).await;
    let client = server.network.client();
    client.get_user(ask("")).await.unwrap();
    let start = Instant::now();
    let calls: JoinSet<_> = (0..4)
        .map(|_| {
            let client = client.clone();
            async move { client.get_user(ask("10")).await }
        })
        .collect();
    assert!(calls.join_all().await.iter().all(Result::is_ok));
    assert_eq!(start.elapsed().as_secs(), 20);
}

#[tokio::test(start_paused = true)]
async fn calls_over_the_limit_of_the_server_are_refused_and_other_connections_have_their_share() {
    let server = run(|server| server.max_calls(20).health()).await;
    let greedy = server.network.client();
    let mut hanging = JoinSet::new();
    for _ in 0..10 {
        hanging.spawn(greedy.get_user(ask("1000")).into_future());
    }
    sleep(seconds(1)).await;
    let others: Vec<_> = [(); 3].map(|()| server.network.client()).into();
    for other in &others {
        other.get_user(ask("")).await.unwrap();
    }
    hanging.spawn(others[0].get_user(ask("1000")).into_future());
    sleep(seconds(1)).await;
    others[0].get_user(ask("")).await.unwrap();
    let status = greedy.get_user(ask("")).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::ResourceExhausted, "the server has too many running calls"));
    drop(hanging);
    sleep(seconds(1)).await;
    greedy.get_user(ask("")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_only_connection_with_calls_may_use_the_whole_limit() {
    let server = run(|server| server.max_calls(20)).await;
    let idle: Vec<_> = [(); 5].map(|()| server.network.client()).into();
    for idle in &idle {
        idle.get_user(ask("")).await.unwrap();
    }
    let only = server.network.client();
    let mut calls = JoinSet::new();
    for _ in 0..21 {
        calls.spawn(only.get_user(ask("1000")).into_future());
    }
    let refused = calls.join_all().await.into_iter().filter_map(Result::err).map(|status| status.code());
    assert_eq!(refused.collect::<Vec<_>>(), [Code::ResourceExhausted]);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_not_a_call_gets_an_http_status_over_the_limit_too() {
    let server = run(|server| server.max_calls(1)).await;
    let (mut requests, connection) = h2::client::handshake(server.network.dial().unwrap()).await.unwrap();
    tokio::spawn(connection);
    let mut ask = async |method: &str, path: &str, content_type: &str| {
        let request = http::Request::builder().method(method).uri(format!("http://test{path}"));
        let request = request.header("content-type", content_type).body(()).unwrap();
        requests = requests.clone().ready().await.unwrap();
        let (response, stream) = requests.send_request(request, false).unwrap();
        let done: Result<http::Response<h2::RecvStream>, _> = timeout(seconds(1), response).await.map(Result::unwrap);
        (done.map(|response| response.status().as_u16()).ok(), stream)
    };
    // A call that waits for its request.
    let (waits, _request): (_, h2::SendStream<Bytes>) =
        ask("POST", "/user.v1.UserService/GetUser", "application/grpc").await;
    assert_eq!(waits, None);
    for path in ["/", "/user.v1.UserService/GetUser"] {
        assert_eq!(ask("GET", path, "").await.0, Some(405), "{path}");
        assert_eq!(ask("POST", path, "text/plain").await.0, Some(415), "{path}");
        assert_eq!(ask("POST", path, "application/grpc").await.0, Some(200), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_old_connection_accepts_no_more_calls_and_finishes_those_it_has() {
    let server = run(|server| server.max_connection_age(seconds(100))).await;
    let client = server.network.client();
    let mut users = client.list_users(ask("slow")).await.unwrap().into_inner();
    let start = Instant::now();
    while start.elapsed() < seconds(300) {
        client.get_user(ask("")).await.unwrap();
        users.message().await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn calls_end_at_the_end_of_the_grace() {
    let grace =
        |server: rgrpc::serve::Serve| server.max_connection_age(seconds(100)).max_connection_age_grace(seconds(50));
    let server = run(grace).await;
    let start = Instant::now();
    let mut users = server.network.client().list_users(ask("slow")).await.unwrap().into_inner();
    let status = loop {
        if let Err(status) = users.message().await {
            break status;
        }
    };
    let took = start.elapsed().as_secs();
    assert!((140..=160).contains(&took), "{took}");
    assert_eq!((status.code(), status.message()), (Code::Unavailable, "the connection has reached its maximum age"));
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_ends_with_its_age() {
    let server = run(|server| server.max_connection_age(seconds(100))).await;
    let (mut requests, connection) = h2::client::handshake(server.network.dial().unwrap()).await.unwrap();
    let connection = tokio::spawn(connection);
    assert!(timeout(seconds(85), std::future::poll_fn(|cx| requests.poll_ready(cx))).await.is_ok());
    timeout(seconds(115), connection).await.unwrap().unwrap().unwrap();
    drop::<h2::client::SendRequest<Bytes>>(requests);
}

#[tokio::test(start_paused = true)]
async fn headers_that_are_too_large_are_refused() {
    let server = run(|server| server.max_header_list_size(1000)).await;
    let client = server.network.client();
    let call = client.get_user(ask("")).metadata("large", "x".repeat(2000));
    call.await.unwrap_err();
    client.get_user(ask("")).await.unwrap();
}

/// Begins 100 calls, each with a response of 20 messages of 1 MiB, on each of 10 connections, and reads none of it.
async fn read_nothing(
    server: &crate::world::Running,
) -> Vec<(h2::client::SendRequest<Bytes>, Vec<h2::client::ResponseFuture>)> {
    let mut connections = Vec::new();
    let body = [&[0, 0, 0, 0, 7, 10, 5][..], b"large"].concat();
    for _ in 0..10 {
        let mut builder = h2::client::Builder::new();
        builder.initial_window_size(0);
        let (requests, connection) = builder.handshake(server.network.dial().unwrap()).await.unwrap();
        tokio::spawn(connection);
        let mut requests = requests.ready().await.unwrap();
        let mut calls = Vec::new();
        for _ in 0..100 {
            let call = http::Request::post("http://test/user.v1.UserService/ListUsers")
                .header("content-type", "application/grpc");
            requests = requests.ready().await.unwrap();
            let (response, mut stream) = requests.send_request(call.body(()).unwrap(), false).unwrap();
            stream.send_data(Bytes::from(body.clone()), true).unwrap();
            calls.push(response);
        }
        connections.push((requests, calls));
    }
    sleep(seconds(10)).await;
    connections
}

#[tokio::test(start_paused = true)]
async fn unread_responses_are_bounded_and_other_clients_are_served() {
    let server = run(|server| server.max_unread_responses(40 << 20)).await;
    let stalled = read_nothing(&server).await;
    let made = MADE.load(Ordering::Relaxed);
    assert!((20..=40).contains(&made), "{made} MiB wait");
    let start = Instant::now();
    let client = server.network.client();
    client.get_user(ask("")).await.unwrap();
    let mut large = client.list_users(ask("large")).await.unwrap().into_inner();
    let mut received = 0;
    while large.message().await.unwrap().is_some() {
        received += 1;
    }
    assert_eq!((received, start.elapsed().as_secs()), (20, 0));
    drop(stalled);
}

#[tokio::test(start_paused = true)]
async fn the_longest_times_are_forever() {
    let server = run(|server| {
        server
            .handshake_timeout(Duration::MAX)
            .keepalive(Duration::MAX, Duration::MAX)
            .max_connection_age(Duration::MAX)
            .max_connection_age_grace(Duration::MAX)
    })
    .await;
    server.network.client().get_user(ask("")).await.unwrap();
}
