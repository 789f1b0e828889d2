//! The metadata that a handler sends before and after its response.
#![cfg(feature = "transport")]

mod support;

use rgrpc::metadata::MetadataMap;
use rgrpc::{Channel, Code, ReceivedMetadata, Request, Response, ServerStream, Status, Streaming, Trailers};
use tokio_stream::StreamExt;

use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::{UserService, UserServiceServer};
use support::user_v1::{GetUserRequest, User};
use support::{Users, loopback, user};

/// Says in the headers that it begins, and in the trailers how many users there were.
struct Counted;

fn counted<T>(body: T) -> (Response<T>, Trailers) {
    let mut response = Response::new(body);
    response.metadata_mut().insert("begin", "yes".parse().unwrap());
    let trailers = Trailers::of(response.extensions_mut());
    (response, trailers)
}

fn count(trailers: &Trailers, n: i32) {
    trailers.update(|trailers| {
        trailers.insert("n", n.into());
        trailers.insert("grpc-status", "5".parse().unwrap());
        trailers.insert_bin("n-bin", rgrpc::metadata::MetadataValue::from_bytes(&[0, 255]));
    });
}

impl UserService for Counted {
    async fn get_user(&self, _: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        let (response, trailers) = counted(user("a", 1));
        count(&trailers, 1);
        Ok(response)
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        let fail = request.into_inner().user_id == "fail";
        let (response, trailers) = counted(());
        let mut failure = Status::data_loss("gone");
        failure.metadata_mut().insert("why", "disk".parse().unwrap());
        let end = fail.then_some(Err(failure));
        let users = tokio_stream::iter(1..4).map(move |n| {
            count(&trailers, n);
            Ok(user("a", n))
        });
        Ok(response.map(|()| users.chain(tokio_stream::iter(end))))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let mut users = request.into_inner();
        let mut n = 0;
        while users.message().await?.is_some() {
            n += 1;
        }
        let (response, trailers) = counted(user("sum", n));
        count(&trailers, n);
        Ok(response)
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        let (response, trailers) = counted(());
        let users = request.into_inner().map(move |user| {
            let user = user?;
            count(&trailers, user.n);
            Ok(user)
        });
        Ok(response.map(|()| users))
    }
}

async fn counted_clients() -> [UserServiceClient; 2] {
    let server = UserServiceServer::new(Counted);
    [UserServiceClient::new(loopback(server.clone()).await), UserServiceClient::new(Channel::new(server))]
}

fn check(metadata: &MetadataMap, n: &str) {
    assert_eq!(metadata.get("n").unwrap(), n);
    assert_eq!(metadata.get_bin("n-bin").unwrap().to_bytes().unwrap(), &[0, 255][..]);
    assert!(metadata.get("grpc-status").is_none_or(|status| status == "0"), "{metadata:?}");
}

#[tokio::test]
async fn a_call_with_one_response_has_headers_and_trailers() {
    for client in counted_clients().await {
        let user = client.get_user(GetUserRequest::default()).await.unwrap();
        let sum =
            client.create_users(tokio_stream::iter([support::user("a", 0), support::user("a", 0)])).await.unwrap();
        for (response, n) in [(user, "1"), (sum, "2")] {
            assert_eq!(response.metadata().get("begin").unwrap(), "yes");
            check(response.metadata(), n);
        }
    }
}

#[tokio::test]
async fn a_stream_of_responses_has_trailers_that_are_known_at_its_end() {
    for client in counted_clients().await {
        let listed = client.list_users(GetUserRequest::default()).await.unwrap();
        let chat = client.chat(tokio_stream::iter([user("a", 3)])).await.unwrap();
        for response in [listed, chat] {
            assert_eq!(response.metadata().get("begin").unwrap(), "yes");
            assert!(response.metadata().get("n").is_none());
            check(&response.into_inner().trailers().await.unwrap().unwrap(), "3");
        }
    }
}

#[tokio::test]
async fn an_error_has_the_trailers_of_its_stream_and_its_own() {
    for client in counted_clients().await {
        let mut users = client.list_users(GetUserRequest { user_id: "fail".into() }).await.unwrap().into_inner();
        let status = users.trailers().await.unwrap_err();
        assert_eq!(status.code(), Code::DataLoss);
        assert_eq!(status.metadata().get("why").unwrap(), "disk");
        check(status.metadata(), "3");
    }
}

#[tokio::test]
async fn a_large_response_in_process_keeps_its_trailers() {
    let client = UserServiceClient::new(Channel::new(UserServiceServer::new(Counted)).max_decoding_message_size(3));
    let status = client.get_user(GetUserRequest::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
}

#[tokio::test]
async fn a_caller_tells_headers_and_trailers_of_one_response_apart() {
    for client in counted_clients().await {
        let users = tokio_stream::iter([user("a", 1), user("b", 2)]);
        for (response, n) in [
            (client.get_user(GetUserRequest::default()).await.unwrap(), "1"),
            #[cfg(feature = "gzip")]
            (
                client
                    .get_user(GetUserRequest::default())
                    .accept_compressed(rgrpc::CompressionEncoding::Gzip)
                    .await
                    .unwrap(),
                "1",
            ),
            (client.create_users(users).await.unwrap(), "2"),
        ] {
            assert_eq!(response.headers().get("begin").unwrap(), "yes");
            assert!(response.headers().get("n").is_none(), "{response:?}");
            let trailers = response.trailers().unwrap();
            assert_eq!((trailers.get("n").unwrap(), trailers.len()), (&n.parse().unwrap(), 2), "{response:?}");
            let together = response.metadata();
            assert!(together.get("begin").is_some() && together.get("n").is_some(), "{response:?}");
        }
    }
}

#[tokio::test]
async fn a_response_without_trailers_has_none() {
    let server = UserServiceServer::new(Users::new().0);
    for channel in [loopback(server.clone()).await, Channel::new(server)] {
        let client = UserServiceClient::new(channel);
        let response = client.get_user(GetUserRequest { user_id: "7".into() }).await.unwrap();
        assert!(response.trailers().is_none(), "{response:?}");
        assert!(response.headers().get("grpc-status").is_none(), "{response:?}");
    }
}
