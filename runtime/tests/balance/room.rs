//! Calls that wait for a stream, and requests that are sent while the caller waits. Source: RFC 9113, 5.1.2.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use rgrpc::{Channel, Code, Streaming};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_stream::StreamExt;

use crate::network::{Host, Network, call};
use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::{GetUserRequest, User};

/// A client of one server, which takes `most` calls at a time.
async fn limited(most: u32) -> (Network, UserServiceClient) {
    let network = Network::new([(1, Host::Up)]);
    network.limit_streams(most);
    let client = network.client(Channel::target("ipv4:10.0.0.1:1"));
    call(&client).await.unwrap();
    (network, client)
}

async fn list(client: &UserServiceClient, which: &str) -> Streaming<User> {
    let request = GetUserRequest { user_id: which.into() };
    client.list_users(request).await.unwrap().into_inner()
}

async fn count(mut users: Streaming<User>) -> usize {
    let mut n = 0;
    while users.message().await.unwrap().is_some() {
        n += 1;
    }
    n
}

#[tokio::test(start_paused = true)]
async fn calls_whose_time_is_up_while_they_wait_do_not_harm_the_connection() {
    let (network, client) = limited(1).await;
    let held = list(&client, "wait").await;
    for _ in 0..5 {
        let mut waiting = JoinSet::new();
        for _ in 0..200 {
            let client = client.clone();
            waiting.spawn(async move {
                client.get_user(GetUserRequest::default()).timeout(Duration::from_millis(50)).await.unwrap_err().code()
            });
        }
        assert!(waiting.join_all().await.iter().all(|code| *code == Code::DeadlineExceeded));
    }
    network.release_streams();
    assert_eq!(count(held).await, 2);
    for _ in 0..10 {
        call(&client).await.unwrap();
    }
    assert_eq!(network.attempts(tokio::time::Instant::now()).len(), 1, "the first connection still serves");
}

#[tokio::test(start_paused = true)]
async fn more_calls_than_the_server_takes_all_end() {
    let (_network, client) = limited(3).await;
    let mut calls = JoinSet::new();
    for _ in 0..1000 {
        let client = client.clone();
        calls.spawn(async move { call(&client).await });
    }
    assert!(calls.join_all().await.into_iter().all(|port| port.unwrap() == 1));
}

#[tokio::test(start_paused = true)]
async fn a_response_that_is_whole_makes_room_before_anybody_reads_it() {
    let (_network, client) = limited(2).await;
    let mut unread = Vec::new();
    for _ in 0..10 {
        unread.push(list(&client, "").await);
        sleep(Duration::from_millis(1)).await;
    }
    for users in unread {
        assert_eq!(count(users).await, 2);
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_when_the_connection_ends_are_sent_on_another() {
    let (network, client) = limited(1).await;
    let _held = list(&client, "wait").await;
    let mut waiting = JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        waiting.spawn(async move { client.get_user(GetUserRequest::default()).wait_for_ready(true).await });
    }
    sleep(Duration::from_millis(1)).await;
    network.set(1, Host::Down);
    sleep(Duration::from_millis(1)).await;
    network.set(1, Host::Up);
    let failed = waiting.join_all().await.into_iter().filter_map(Result::err).collect::<Vec<_>>();
    // The one that h2 has already may have reached the server, for all that the client knows.
    assert!(failed.len() <= 1, "{failed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_always_ready_does_not_hold_up_the_deadline() {
    const MESSAGES: i32 = 5000;
    let (_network, client) = limited(10).await;
    let made = Arc::new(AtomicI32::new(0));
    let counted = made.clone();
    let users = tokio_stream::iter(0..MESSAGES).map(move |n| {
        std::thread::sleep(Duration::from_millis(1));
        counted.fetch_add(1, Ordering::Relaxed);
        User { id: "x".repeat(20_000), n }
    });
    let status = client.create_users(users).timeout(Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!(made.load(Ordering::Relaxed) < MESSAGES / 2, "{made:?}");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_panics_ends_its_call_on_both_sides() {
    let (network, client) = limited(10).await;
    let users = tokio_stream::iter(0..3).then(|n| async move {
        sleep(Duration::from_millis(1)).await;
        assert!(n < 2, "the user's stream breaks");
        User::default()
    });
    let status = client.create_users(Box::pin(users)).await.unwrap_err();
    assert_eq!(status.code(), Code::Cancelled, "{status:?}");
    sleep(Duration::from_millis(1)).await;
    assert_eq!(network.uploads(), [Err(Code::Cancelled)]);
    call(&client).await.unwrap();
}
