//! Calls of the four kinds, over a socket and in process.
#![cfg(feature = "transport")]

mod support;

use std::future::IntoFuture;

use rgrpc::{Code, Request, Streaming};
use tokio_stream::StreamExt;

use support::user_v1::user_service_server::UserService;
use support::{Users, plain, request, user};

#[tokio::test]
async fn a_unary_call_gives_the_response() {
    for (client, _events) in plain().await {
        let response = client.get_user(request("7")).await.unwrap();
        assert_eq!(response.into_inner(), user("7", -1));
    }
}

#[tokio::test]
async fn a_server_streaming_call_gives_every_response() {
    for (client, _events) in plain().await {
        let users = client.list_users(request("7")).await.unwrap().into_inner();
        let users: Vec<_> = users.map(Result::unwrap).collect().await;
        assert_eq!(users, [user("7", 0), user("7", 1), user("7", 2)]);
    }
}

#[tokio::test]
async fn a_client_streaming_call_sends_every_request() {
    for (client, _events) in plain().await {
        let users = tokio_stream::iter([user("a", 1), user("b", 2)]);
        assert_eq!(client.create_users(users).await.unwrap().into_inner(), user("sum", 3));
    }
}

#[tokio::test]
async fn a_bidi_streaming_call_interleaves_requests_and_responses() {
    for (client, _events) in plain().await {
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        let requests = tokio_stream::wrappers::ReceiverStream::new(receiver);
        let mut responses = client.chat(requests).await.unwrap().into_inner();
        for n in 1..4 {
            sender.send(user("x", n)).await.unwrap();
            assert_eq!(responses.message().await.unwrap(), Some(user("x", 2 * n)));
        }
        drop(sender);
        assert_eq!(responses.message().await.unwrap(), None);
        assert_eq!(responses.message().await.unwrap(), None);
    }
}

#[tokio::test]
async fn an_empty_stream_of_requests_is_sent_as_one() {
    for (client, _events) in plain().await {
        assert_eq!(
            client.create_users(Streaming::from(vec![]).map(unwrap_user)).await.unwrap().into_inner(),
            user("sum", 0)
        );
    }
}

fn unwrap_user(user: Result<support::user_v1::User, rgrpc::Status>) -> support::user_v1::User {
    user.unwrap()
}

#[tokio::test]
async fn the_status_of_a_handler_arrives() {
    for (client, _events) in plain().await {
        let status = client.get_user(request("")).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::NotFound, "no such user"));
    }
}

#[tokio::test]
async fn the_status_at_the_end_of_a_stream_arrives_after_its_messages() {
    for (client, _events) in plain().await {
        let mut users = client.list_users(request("fail")).await.unwrap().into_inner();
        assert_eq!(users.message().await.unwrap(), Some(user("a", 0)));
        let status = users.message().await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::DataLoss, "gone"));
        assert_eq!(users.message().await.unwrap(), None);
    }
}

#[tokio::test]
async fn trailers_come_after_the_messages_that_are_left() {
    for (client, _events) in plain().await {
        let mut users = client.list_users(request("7")).await.unwrap().into_inner();
        assert!(users.message().await.unwrap().is_some());
        assert!(users.trailers().await.unwrap().is_some());
        assert_eq!(users.message().await.unwrap(), None);
    }
}

#[tokio::test]
async fn nothing_is_sent_before_a_call_is_awaited() {
    for (client, mut events) in plain().await {
        let call = client.get_user(request("7")).metadata("trace-id", "abc");
        drop(client.get_user(request("8")));
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        assert!(events.is_empty());
        call.await.unwrap();
        assert_eq!(events.next().await, "get_user");
    }
}

#[tokio::test]
async fn one_client_makes_many_calls_at_once() {
    for (client, _events) in plain().await {
        let calls = tokio::join!(
            client.get_user(request("a")).into_future(),
            client.get_user(request("b")).into_future(),
            client.clone().list_users(request("c")).into_future(),
        );
        assert_eq!(calls.0.unwrap().into_inner().id, "a");
        assert_eq!(calls.1.unwrap().into_inner().id, "b");
        assert!(calls.2.is_ok());
    }
}

#[tokio::test]
async fn calls_futures_and_streams_can_move_between_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    fn is_sync<T: Sync>(value: T) -> T {
        value
    }
    for (client, _events) in plain().await {
        let client = is_sync(is_send(client));
        let call = is_send(client.list_users(request("7")));
        let response = tokio::spawn(is_send(call.into_future())).await.unwrap().unwrap();
        is_sync(is_send(response.into_inner()));
    }
}

#[tokio::test]
async fn large_messages_cross_in_both_directions() {
    for (client, _events) in plain().await {
        let large = "y".repeat(3 << 20);
        assert_eq!(client.get_user(request(&large)).await.unwrap().into_inner().id, large);
    }
}

#[tokio::test]
async fn metadata_arrives_unchanged() {
    for (client, _events) in plain().await {
        let mut request = Request::new(request("metadata"));
        request.metadata_mut().insert("trace-id", "replaced".parse().unwrap());
        request.metadata_mut().insert("kept", "k".parse().unwrap());
        let response =
            client.get_user(request).metadata("Trace-Id", "abc").metadata_bin("sig-bin", [0, 255]).await.unwrap();
        let metadata = response.metadata();
        assert_eq!(metadata.get_all("trace-id").iter().collect::<Vec<_>>(), ["abc"]);
        assert_eq!(metadata.get("kept").unwrap(), "k");
        assert_eq!(metadata.get_bin("sig-bin").unwrap().to_bytes().unwrap().as_ref(), [0, 255]);
    }
}

#[tokio::test]
async fn metadata_that_cannot_be_sent_ends_the_call() {
    for (client, events) in plain().await {
        for call in [
            client.get_user(request("7")).metadata("no spaces", "v"),
            client.get_user(request("7")).metadata("", "v"),
            client.get_user(request("7")).metadata("key", "line\nbreak"),
            client.get_user(request("7")).metadata("key-bin", "v"),
            client.get_user(request("7")).metadata_bin("key", "v"),
            client.get_user(request("7")).metadata("k\u{e9}y", "v").metadata("fine", "v"),
        ] {
            assert_eq!(call.await.unwrap_err().code(), Code::Internal);
        }
        assert!(events.is_empty());
    }
}

#[tokio::test]
async fn a_handler_is_tested_with_a_plain_stream() {
    let (users, _events) = Users::new();
    let requests = Streaming::from(vec![user("a", 1), user("b", 2)]);
    assert_eq!(users.create_users(Request::new(requests)).await.unwrap().into_inner(), user("sum", 3));

    let requests = Streaming::from_results(tokio_stream::iter([Ok(user("a", 1)), Err(rgrpc::Status::aborted("lost"))]));
    assert_eq!(users.create_users(Request::new(requests)).await.unwrap_err().code(), Code::Aborted);

    let requests = Streaming::from_messages(tokio_stream::iter([user("a", 1)]));
    let responses = users.chat(Request::new(requests)).await.unwrap().into_inner();
    let responses: Vec<_> = std::pin::pin!(responses).map(Result::unwrap).collect().await;
    assert_eq!(responses, [user("a", 2)]);
}
