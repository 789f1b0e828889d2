//! Deadlines on both sides.
#![cfg(feature = "transport")]

mod support;

use std::future::IntoFuture;
use std::time::{Duration, Instant};

use rgrpc::{Channel, Code, Deadline, Request, Status, tonic};
use tokio_stream::StreamExt;
use tower_service::Service;
use user_v1::user_service_client::UserServiceClient;
use user_v1::user_service_methods::SERVICE;
use user_v1::user_service_server::UserServiceServer;
use user_v1::{GetUserRequest, User};

use support::{Users, both, loopback, piped, plain, request, serve, user_v1};

/// For calls that only ever wait.
const SHORT: Duration = Duration::from_millis(60);
/// For calls that get somewhere before they wait.
const LONGER: Duration = Duration::from_millis(500);

fn assert_deadline_exceeded(status: &Status) {
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
}

#[tokio::test]
async fn an_expired_call_ends_and_its_handler_is_dropped() {
    for (client, mut events) in plain().await {
        let start = Instant::now();
        let status = client.get_user(request("hang")).timeout(LONGER).await.unwrap_err();
        assert_deadline_exceeded(&status);
        assert!((LONGER / 2..Duration::from_secs(5)).contains(&start.elapsed()));
        assert_eq!(events.next().await, "get_user");
        assert_eq!(events.next().await, "get_user dropped");
    }
}

#[tokio::test]
async fn an_expired_stream_of_responses_ends_and_is_dropped_on_the_server() {
    for (client, mut events) in plain().await {
        let mut users = client.list_users(request("hang")).timeout(LONGER).await.unwrap().into_inner();
        assert!(users.message().await.unwrap().is_some());
        assert_deadline_exceeded(&users.message().await.unwrap_err());
        assert!(users.message().await.unwrap().is_none());
        assert_eq!(events.next().await, "list_users");
        assert_eq!(events.next().await, "list_users dropped");
    }
}

#[tokio::test]
async fn a_stream_that_never_pauses_still_ends() {
    for (client, mut events) in plain().await {
        let mut users = client.list_users(request("endless")).timeout(LONGER).await.unwrap().into_inner();
        let status = loop {
            match users.message().await {
                Ok(message) => assert!(message.is_some()),
                Err(status) => break status,
            }
        };
        assert_deadline_exceeded(&status);
        assert_eq!(events.next().await, "list_users");
        assert_eq!(events.next().await, "list_users dropped");
    }
}

#[tokio::test]
async fn a_server_that_never_answers_cannot_hang_a_client() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let channel = Channel::connect(format!("http://{}", listener.local_addr().unwrap())).lazy().unwrap();
    let client = UserServiceClient::new(channel.timeout(SHORT));
    assert_deadline_exceeded(&client.get_user(request("7")).await.unwrap_err());
    assert_deadline_exceeded(&client.create_users(tokio_stream::pending()).await.unwrap_err());
}

#[tokio::test]
async fn a_timeout_of_zero_ends_the_call_at_once() {
    for (client, _events) in plain().await {
        assert_deadline_exceeded(&client.get_user(request("7")).timeout(Duration::ZERO).await.unwrap_err());
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_past_its_deadline_does_not_start() {
    let (users, events) = Users::new();
    let server = UserServiceServer::new(users);
    for channel in [piped(server.clone()), Channel::new(server)] {
        let client = UserServiceClient::new(channel.clone());
        let passed = Deadline::after(Duration::from_millis(1));
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert_deadline_exceeded(&client.get_user(request("7")).deadline(passed).await.unwrap_err());
        assert_deadline_exceeded(&client.list_users(request("7")).deadline(passed).await.unwrap_err());
        assert_deadline_exceeded(&client.create_users(tokio_stream::pending()).deadline(passed).await.unwrap_err());
        assert_deadline_exceeded(&client.chat(tokio_stream::pending()).deadline(passed).await.unwrap_err());

        // Of a client that sends the call all the same.
        let mut client = tonic::client::Grpc::new(channel.transport());
        for method in SERVICE.methods() {
            for timeout in ["0n", "0m", "0H"] {
                let mut request = Request::new(tokio_stream::once(request("7")));
                request.metadata_mut().insert("grpc-timeout", timeout.parse().unwrap());
                let codec = tonic_prost::ProstCodec::<GetUserRequest, User>::default();
                client.ready().await.unwrap();
                let result = client.streaming(request, method.path().parse().unwrap(), codec).await;
                assert_deadline_exceeded(&result.unwrap_err());
            }
        }
    }
    assert!(events.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_complete_after_its_deadline_does_not_start() {
    let (users, events) = Users::new();
    let mut server = UserServiceServer::new(users);
    for path in ["/user.v1.UserService/GetUser", "/user.v1.UserService/ListUsers"] {
        let late = tokio_stream::once(()).then(|()| async {
            tokio::time::advance(Duration::from_millis(100)).await;
            Ok::<_, Status>(http_body::Frame::data(bytes::Bytes::from_static(&[0; 5])))
        });
        let request = http::Request::post(path)
            .header("content-type", "application/grpc")
            .header("grpc-timeout", "50m")
            .body(http_body_util::StreamBody::new(late));
        let response = server.call(request.unwrap()).await.unwrap();
        let status = Status::from_header_map(response.headers()).unwrap();
        assert_deadline_exceeded(&status);
    }
    assert!(events.is_empty());
}

#[tokio::test]
async fn a_timeout_of_centuries_works() {
    for (client, _events) in plain().await {
        client.get_user(request("7")).timeout(Duration::MAX).await.unwrap();
    }
}

#[tokio::test]
async fn a_channels_timeout_counts_unless_the_call_has_its_own() {
    for (client, _events) in both(|server| server, |channel| channel.timeout(SHORT)).await {
        assert_deadline_exceeded(&client.get_user(request("hang")).await.unwrap_err());
        let long = client.get_user(request("7")).timeout(Duration::from_secs(60)).await.unwrap();
        assert!(long.get_ref().n > 50_000);
        let long = Deadline::after(Duration::from_secs(60));
        assert!(client.get_user(request("7")).deadline(long).await.unwrap().get_ref().n > 50_000);
    }
}

#[tokio::test]
async fn a_timeout_set_on_tonics_request_is_kept_locally_too() {
    for (client, _events) in plain().await {
        let mut request = Request::new(request("hang"));
        request.set_timeout(SHORT);
        assert_deadline_exceeded(&client.get_user(request).await.unwrap_err());
    }
}

#[tokio::test]
async fn a_handler_sees_the_remaining_time_and_a_call_without_timeout_has_no_deadline() {
    for (client, _events) in plain().await {
        let left = client.get_user(request("7")).timeout(Duration::from_secs(5)).await.unwrap().get_ref().n;
        assert!((4_000..5_000).contains(&left), "{left}");
        assert_eq!(client.get_user(request("7")).await.unwrap().get_ref().n, -1);
    }
}

#[tokio::test]
async fn a_deadline_is_passed_on_and_the_earlier_one_counts() {
    for (client, _events) in plain().await {
        let mut incoming = Request::new(());
        incoming.extensions_mut().insert(Deadline::after(SHORT));
        let deadline = Deadline::of(incoming.extensions());
        let call = client.get_user(request("hang")).deadline(deadline).timeout(Duration::from_secs(60));
        assert_deadline_exceeded(&call.await.unwrap_err());
        let call = client.get_user(request("hang")).timeout(SHORT).deadline(Deadline::after(Duration::from_secs(60)));
        assert_deadline_exceeded(&call.await.unwrap_err());
    }
}

#[tokio::test]
async fn a_timeout_counts_from_when_the_call_is_awaited() {
    for (client, _events) in plain().await {
        let call = client.get_user(request("7")).timeout(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(1100)).await;
        call.await.unwrap();
    }
}

#[tokio::test]
async fn a_plain_tonic_client_is_told_deadline_exceeded_by_the_server() {
    let (users, mut events) = Users::new();
    let mut client = tonic::client::Grpc::new(UserServiceServer::new(users));
    let mut request = Request::new(request("hang"));
    request.set_timeout(LONGER);
    let codec = tonic_prost::ProstCodec::<GetUserRequest, User>::default();
    let path = user_v1::user_service_methods::GET_USER.path().parse().unwrap();
    assert_deadline_exceeded(&client.unary(request, path, codec).await.unwrap_err());
    assert_eq!(events.next().await, "get_user");
    assert_eq!(events.next().await, "get_user dropped");
}

#[tokio::test]
async fn a_malformed_timeout_counts_as_none() {
    let (users, _events) = Users::new();
    let mut client = tonic::client::Grpc::new(UserServiceServer::new(users));
    for timeout in ["", "5", "S", "-1S", "123456789S", "999999999999999999999H"] {
        let mut request = Request::new(request("7"));
        request.metadata_mut().insert("grpc-timeout", timeout.parse().unwrap());
        let codec = tonic_prost::ProstCodec::<GetUserRequest, User>::default();
        let path = user_v1::user_service_methods::GET_USER.path().parse().unwrap();
        assert_eq!(client.unary(request, path, codec).await.unwrap().get_ref().n, -1);
    }
}

#[tokio::test]
async fn tonics_own_timers_are_reported_as_deadline_exceeded() {
    let (users, _events) = Users::new();
    let router = tonic::transport::Server::builder().timeout(SHORT).add_service(UserServiceServer::new(users));
    let client = UserServiceClient::new(Channel::connect(serve(router).await).await.unwrap());
    assert_deadline_exceeded(&client.get_user(request("hang")).await.unwrap_err());

    let (users, _events) = Users::new();
    let address = serve(tonic::transport::Server::builder().add_service(UserServiceServer::new(users))).await;
    let endpoint = tonic::transport::Endpoint::new(address).unwrap().timeout(SHORT);
    let client = UserServiceClient::new(endpoint.connect().await.unwrap());
    assert_deadline_exceeded(&client.get_user(request("hang")).await.unwrap_err());
}

#[tokio::test]
async fn a_call_that_ends_in_time_is_not_touched() {
    let (users, _events) = Users::new();
    let client = UserServiceClient::new(loopback(UserServiceServer::new(users)).await);
    let calls = (0..100).map(|n| {
        let call = client.get_user(request(&n.to_string())).timeout(Duration::from_secs(20));
        tokio::spawn(call.into_future())
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
}
