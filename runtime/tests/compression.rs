//! Compressed messages, in both directions.
#![cfg(all(feature = "gzip", feature = "transport"))]

mod support;

use rgrpc::{Code, CompressionEncoding::Gzip};
use support::{both, plain, request, user};

#[tokio::test]
async fn requests_are_compressed_for_a_server_that_accepts_it() {
    for (client, _events) in
        both(|server| server.accept_compressed(Gzip), |channel| channel.send_compressed(Gzip)).await
    {
        let response = client.get_user(request("metadata")).await.unwrap();
        assert!(response.get_ref().id.contains(r#""grpc-encoding": "gzip""#), "{response:?}");
        let users = (0..100).map(|_| user(&"x".repeat(1000), 1)).collect::<Vec<_>>();
        assert_eq!(client.create_users(tokio_stream::iter(users)).await.unwrap().get_ref().n, 100);
    }
}

#[tokio::test]
async fn responses_are_compressed_for_a_client_that_accepts_it() {
    for (client, _events) in both(|server| server.send_compressed(Gzip), |channel| channel).await {
        let response = client.get_user(request("length 100000")).accept_compressed(Gzip).await.unwrap();
        assert_eq!(response.metadata().get("grpc-encoding").unwrap(), "gzip");
        assert_eq!(response.get_ref().id.len(), 100_000);
        let mut users = client.list_users(request("7")).accept_compressed(Gzip).await.unwrap();
        assert_eq!(users.metadata().get("grpc-encoding").unwrap(), "gzip");
        assert_eq!(users.get_mut().message().await.unwrap(), Some(user("7", 0)));

        let response = client.get_user(request("7")).await.unwrap();
        assert!(response.metadata().get("grpc-encoding").is_none());
    }
}

#[tokio::test]
async fn a_server_that_does_not_accept_compression_says_so() {
    for (client, _events) in plain().await {
        let status = client.get_user(request("7")).send_compressed(Gzip).await.unwrap_err();
        assert_eq!(status.code(), Code::Unimplemented);
    }
}

#[tokio::test]
async fn limits_hold_for_the_decompressed_size() {
    let channel = |channel: rgrpc::Channel| channel.send_compressed(Gzip);
    for (client, _events) in
        both(|server| server.accept_compressed(Gzip).max_decoding_message_size(1000), channel).await
    {
        let status = client.get_user(request(&"x".repeat(10_000))).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
        let status = client.get_user(request(&"x".repeat(10_000))).max_encoding_message_size(1000).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    }
}
