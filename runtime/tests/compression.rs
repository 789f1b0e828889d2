//! Compressed messages in both directions.
#![cfg(all(feature = "gzip", feature = "transport"))]

mod support;

use rgrpc::CompressionEncoding::Gzip;
use rgrpc::compression::{MessageCompression, was_compressed};
use rgrpc::{Channel, Code, Request, Response, ServerStream, Status, Streaming, streaming};
use tokio_stream::StreamExt;

use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::{UserService, UserServiceServer};
use support::user_v1::{GetUserRequest, User};
use support::{both, loopback, plain, request, user};

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

/// As grpc-go's servers do, whatever they are told of what the client accepts.
#[tokio::test]
async fn a_response_may_be_compressed_as_the_requests_were() {
    let server = |server: UserServiceServer<_>| server.accept_compressed(Gzip).send_compressed(Gzip);
    for (client, _events) in both(server, |channel| channel).await {
        let response = client.get_user(request("length 100000")).send_compressed(Gzip).await.unwrap();
        assert_eq!(response.metadata().get("grpc-encoding").unwrap(), "gzip");
        assert_eq!(response.get_ref().id.len(), 100_000);
        let mut users = client.list_users(request("7")).send_compressed(Gzip).await.unwrap();
        assert_eq!(users.metadata().get("grpc-encoding").unwrap(), "gzip");
        assert_eq!(users.get_mut().message().await.unwrap(), Some(user("7", 0)));

        let response = client.get_user(request("7")).send_compressed(Gzip).send_uncompressed().await.unwrap();
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
    let channel = |channel: Channel| channel.send_compressed(Gzip);
    for (client, _events) in
        both(|server| server.accept_compressed(Gzip).max_decoding_message_size(1000), channel).await
    {
        let status = client.get_user(request(&"x".repeat(10_000))).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
        let status = client.get_user(request(&"x".repeat(10_000))).max_encoding_message_size(1000).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    }
}

/// Says of each request whether it was compressed, in a response that is compressed as its id says: `off` or not.
struct Choosy;

fn seen(id: &str, compressed: bool) -> User {
    user(&id.repeat(100), i32::from(compressed))
}

impl UserService for Choosy {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        let compressed = was_compressed(request.extensions());
        let id = request.into_inner().user_id;
        let mut response = Response::new(seen(&id, compressed));
        match id.as_str() {
            "off" => MessageCompression::of(response.extensions_mut()).set(false),
            "off by tonic" => response.disable_compression(),
            _ => {}
        }
        Ok(response)
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        let mut response = Response::new(());
        if request.into_inner().user_id == "off by tonic" {
            response.disable_compression();
        }
        Ok(response.map(|()| tokio_stream::iter([Ok(seen("on", false))])))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let mut users = request.into_inner();
        let mut bits = 0;
        while users.message().await?.is_some() {
            bits = bits * 2 + i32::from(users.was_compressed());
        }
        Ok(Response::new(user(&"on".repeat(100), bits)))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        let mut response = Response::new(());
        let compression = MessageCompression::of(response.extensions_mut());
        let users = request.into_inner().map(move |user| {
            let user = user?;
            compression.set(user.id != "off");
            Ok(seen(&user.id, false))
        });
        Ok(response.map(|()| users))
    }
}

async fn channels(configure: impl Fn(UserServiceServer<Choosy>) -> UserServiceServer<Choosy>) -> [Channel; 2] {
    let server = configure(UserServiceServer::new(Choosy).accept_compressed(Gzip).send_compressed(Gzip));
    [loopback(server.clone()).await, Channel::new(server)].map(|channel| channel.accept_compressed(Gzip))
}

async fn choosy(configure: impl Fn(UserServiceServer<Choosy>) -> UserServiceServer<Choosy>) -> [UserServiceClient; 2] {
    channels(configure).await.map(UserServiceClient::new)
}

#[tokio::test]
async fn a_handler_turns_compression_off_for_a_response() {
    for client in choosy(|server| server).await {
        for (id, expected) in [("on", true), ("off", false), ("off by tonic", false)] {
            let response = client.get_user(request(id)).await.unwrap();
            assert_eq!(was_compressed(response.extensions()), expected, "{id}");
            assert_eq!(response.get_ref().id, id.repeat(100));
        }
        for (id, expected) in [("on", true), ("off by tonic", false)] {
            let mut users = client.list_users(request(id)).await.unwrap().into_inner();
            assert!(!users.was_compressed());
            assert!(users.message().await.unwrap().is_some());
            assert_eq!(users.was_compressed(), expected, "{id}");
            assert_eq!(users.message().await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn a_handler_turns_compression_off_and_on_from_message_to_message() {
    for client in choosy(|server| server).await {
        let ids = ["off", "on", "on", "off", "on"];
        let (mut requests, outgoing) = streaming::channel();
        let mut users = client.chat(outgoing).start();
        for id in ids {
            requests.send(user(id, 0)).await.unwrap();
        }
        requests.finish();
        for id in ids {
            assert_eq!(users.message().await.unwrap().unwrap().id, id.repeat(100));
            assert_eq!(users.was_compressed(), id == "on");
        }
        assert_eq!(users.message().await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_handler_sees_whether_a_request_was_compressed() {
    for client in choosy(|server| server).await {
        assert_eq!(client.get_user(request("on")).send_compressed(Gzip).await.unwrap().get_ref().n, 1);
        assert_eq!(client.get_user(request("on")).await.unwrap().get_ref().n, 0);
        let users = || tokio_stream::iter([user("a", 1), user("b", 2)]);
        assert_eq!(client.create_users(users()).send_compressed(Gzip).await.unwrap().get_ref().n, 0b11);
        assert_eq!(client.create_users(users()).await.unwrap().get_ref().n, 0);
    }
}

#[tokio::test]
async fn a_server_compresses_only_above_a_size() {
    for (above, expected) in [(100, true), (1000, false)] {
        for client in choosy(|server| server.compress_above(above)).await {
            let response = client.get_user(request("on")).await.unwrap();
            assert_eq!(was_compressed(response.extensions()), expected, "{above}");
            let mut users = client.list_users(request("on")).await.unwrap().into_inner();
            assert!(users.message().await.unwrap().is_some());
            assert_eq!(users.was_compressed(), expected, "{above}");
        }
    }
}

#[tokio::test]
async fn a_caller_turns_compression_off_for_a_call() {
    for channel in channels(|server| server).await {
        let client = UserServiceClient::new(channel.send_compressed(Gzip));
        let users = || tokio_stream::iter([user("a", 1), user("b", 2)]);
        assert_eq!(client.get_user(request("on")).await.unwrap().get_ref().n, 1);
        assert_eq!(client.get_user(request("on")).send_uncompressed().await.unwrap().get_ref().n, 0);
        assert_eq!(client.create_users(users()).await.unwrap().get_ref().n, 0b11);
        assert_eq!(client.create_users(users()).send_uncompressed().await.unwrap().get_ref().n, 0);
        let mut request = Request::new(request("on"));
        MessageCompression::of(request.extensions_mut()).set(false);
        assert_eq!(client.get_user(request).await.unwrap().get_ref().n, 0);
    }
}

#[tokio::test]
async fn a_caller_compresses_only_above_a_size() {
    for channel in channels(|server| server).await {
        let client = UserServiceClient::new(channel.send_compressed(Gzip).compress_above(100));
        for (length, expected) in [(90, 0), (200, 1)] {
            let response = client.get_user(request(&"x".repeat(length))).await.unwrap();
            assert_eq!(response.get_ref().n, expected, "{length}");
        }
        assert_eq!(client.get_user(request("on")).compress_above(0).await.unwrap().get_ref().n, 1);
        let users = tokio_stream::iter([10, 200, 50, 1000, 0].map(|length| user(&"x".repeat(length), 1)));
        assert_eq!(client.create_users(users).await.unwrap().get_ref().n, 0b01010);
    }
}

#[tokio::test]
async fn a_caller_turns_compression_off_and_on_from_message_to_message() {
    for channel in channels(|server| server).await {
        let client = UserServiceClient::new(channel.send_compressed(Gzip));
        let mut request = Request::new(());
        let compression = MessageCompression::of(request.extensions_mut());
        let users = tokio_stream::iter(["off", "on", "on", "off", "on"]).map(move |id| {
            compression.set(id == "on");
            user(id, 1)
        });
        assert_eq!(client.create_users(request.map(|()| users)).await.unwrap().get_ref().n, 0b01101);
    }
}
