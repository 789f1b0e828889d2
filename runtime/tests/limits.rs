//! Size limits on sent and received messages, on both sides.
#![cfg(feature = "transport")]

mod support;

use rgrpc::Code;

use support::{both, plain, request, user};

#[tokio::test]
async fn a_server_does_not_receive_more_than_its_limit() {
    for (client, events) in both(|server| server.max_decoding_message_size(100), |channel| channel).await {
        assert_eq!(client.get_user(request(&"x".repeat(100))).await.unwrap_err().code(), Code::ResourceExhausted);
        assert!(events.is_empty());
        let users = tokio_stream::iter([user("a", 1), user(&"x".repeat(100), 2)]);
        assert_eq!(client.create_users(users).await.unwrap_err().code(), Code::ResourceExhausted);
        client.get_user(request("short")).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_does_not_send_more_than_its_limit() {
    for (client, _events) in both(|server| server.max_encoding_message_size(100), |channel| channel).await {
        let status = client.get_user(request("length 100")).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert!(status.message().contains("the limit is: 100 bytes"), "{status:?}");
        let mut users = client.list_users(request("grow")).await.unwrap().into_inner();
        assert!(users.message().await.unwrap().is_some());
        assert_eq!(users.message().await.unwrap_err().code(), Code::ResourceExhausted);
        client.get_user(request("short")).await.unwrap();
    }
}

#[tokio::test]
async fn a_client_does_not_receive_more_than_its_limit() {
    for (client, _events) in both(|server| server, |channel| channel.max_decoding_message_size(100)).await {
        assert_eq!(client.get_user(request("length 100")).await.unwrap_err().code(), Code::ResourceExhausted);
        let mut users = client.list_users(request("grow")).await.unwrap().into_inner();
        assert!(users.message().await.unwrap().is_some());
        assert_eq!(users.message().await.unwrap_err().code(), Code::ResourceExhausted);
        client.get_user(request("length 100")).max_decoding_message_size(1000).await.unwrap();
    }
}

#[tokio::test]
async fn a_client_does_not_send_more_than_its_limit() {
    for (client, events) in both(|server| server, |channel| channel.max_encoding_message_size(100)).await {
        let long = request(&"x".repeat(100));
        assert_eq!(client.get_user(long.clone()).await.unwrap_err().code(), Code::ResourceExhausted);
        assert!(events.is_empty());
        client.get_user(long).max_encoding_message_size(1000).await.unwrap();
    }
}

#[tokio::test]
async fn a_stream_of_requests_over_the_limit_is_not_taken_for_complete() {
    for (client, mut events) in both(|server| server, |channel| channel.max_encoding_message_size(100)).await {
        let users = tokio_stream::iter([user("a", 1), user(&"x".repeat(100), 2)]);
        let status = client.create_users(users).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert!(status.message().contains("the limit is: 100 bytes"), "{status:?}");
        client.get_user(request("next")).await.unwrap();
        while let event = events.next().await
            && event != "get_user"
        {
            assert_ne!(event, "create_users finished");
        }
    }
}

#[tokio::test]
async fn messages_of_more_than_4_mib_are_not_received_by_default() {
    for (client, _events) in plain().await {
        assert_eq!(client.get_user(request("length 4194304")).await.unwrap_err().code(), Code::ResourceExhausted);
        client.get_user(request("length 4194000")).await.unwrap();
    }
}
