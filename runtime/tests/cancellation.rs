//! Calls that a client drops are dropped by the server.
#![cfg(feature = "transport")]

mod support;

use std::future::IntoFuture;
use std::time::Duration;

use rgrpc::Code;
use tokio_stream::StreamExt;

use support::{plain, request, user};

#[tokio::test]
async fn dropping_a_call_drops_its_handler() {
    for (client, mut events) in plain().await {
        let call = client.get_user(request("hang")).into_future();
        assert!(tokio::time::timeout(Duration::from_millis(50), call).await.is_err());
        assert_eq!(events.next().await, "get_user");
        assert_eq!(events.next().await, "get_user dropped");
    }
}

#[tokio::test]
async fn dropping_a_stream_of_responses_drops_the_handlers_stream() {
    for (client, mut events) in plain().await {
        let mut users = client.list_users(request("hang")).await.unwrap().into_inner();
        assert!(users.message().await.unwrap().is_some());
        drop(users);
        assert_eq!(events.next().await, "list_users");
        assert_eq!(events.next().await, "list_users dropped");
    }
}

#[tokio::test]
async fn dropping_an_upload_drops_its_handler_which_does_not_take_it_for_complete() {
    for (client, mut events) in plain().await {
        let users = tokio_stream::once(user("a", 1)).chain(tokio_stream::pending());
        let call = client.create_users(users).into_future();
        assert!(tokio::time::timeout(Duration::from_millis(50), call).await.is_err());
        assert_eq!(events.next().await, "create_users");
        assert_eq!(events.next().await, "create_users dropped");
    }
}

#[tokio::test]
async fn dropping_a_stream_of_responses_cancels_a_call_that_has_more_to_say() {
    for (client, mut events) in plain().await {
        let users = tokio_stream::once(user("a", 1)).chain(tokio_stream::pending());
        let mut answers = client.chat(users).await.unwrap().into_inner();
        assert_eq!(answers.message().await.unwrap().map(|user| user.n), Some(2));
        drop(answers);
        assert_eq!(events.next().await, "chat");
        assert_eq!(events.next().await, "chat dropped");
    }
}

#[tokio::test]
async fn a_deadline_cancels_a_call_that_has_more_to_say() {
    for (client, mut events) in plain().await {
        let users = tokio_stream::once(user("a", 1)).chain(tokio_stream::pending());
        let call = client.chat(users).timeout(Duration::from_millis(50));
        let mut answers = call.await.unwrap().into_inner();
        assert!(answers.message().await.unwrap().is_some());
        assert_eq!(answers.message().await.unwrap_err().code(), Code::DeadlineExceeded);
        assert_eq!(events.next().await, "chat");
        assert_eq!(events.next().await, "chat dropped");
    }
}
