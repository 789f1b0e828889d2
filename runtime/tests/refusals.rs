//! Checks the statuses of calls that do not match the schema.
#![cfg(feature = "transport")]

mod support;

use rgrpc::{Channel, Code, MethodDescriptor, Response, Streaming, prost};
use user_v1::User;
use user_v1::user_service_methods::{CREATE_USERS, GET_USER, LIST_USERS};
use user_v1::user_service_server::UserServiceServer;

use support::{Users, loopback, request, user, user_v1};

/// Encodes to what no message of `user.v1` decodes from.
#[derive(Clone, PartialEq, prost::Message)]
struct Other {
    #[prost(fixed64, tag = "1")]
    id: u64,
}

async fn channels() -> [Channel; 2] {
    [loopback(UserServiceServer::new(Users::new().0)).await, Channel::new(UserServiceServer::new(Users::new().0))]
}

#[tokio::test]
async fn an_unknown_method_is_named() {
    const UNKNOWN: MethodDescriptor = MethodDescriptor::unary("/user.v1.UserService/Unknown");
    for channel in channels().await {
        let status = channel.unary::<_, User>(&UNKNOWN, request("7")).await.unwrap_err();
        assert_eq!(status.code(), Code::Unimplemented);
        assert_eq!(status.message(), "unknown method /user.v1.UserService/Unknown");
    }
}

#[tokio::test]
async fn a_method_of_another_service_is_unimplemented() {
    const UNKNOWN: MethodDescriptor = MethodDescriptor::unary("/user.v1.Other/GetUser");
    for channel in channels().await {
        assert_eq!(channel.unary::<_, User>(&UNKNOWN, request("7")).await.unwrap_err().code(), Code::Unimplemented);
    }
}

#[tokio::test]
async fn an_undecodable_request_is_internal() {
    for channel in channels().await {
        let other = Other { id: 7 };
        let status = channel.unary::<_, User>(&GET_USER, other.clone()).await.unwrap_err();
        assert_eq!(status.code(), Code::Internal);
        assert!(status.message().starts_with("cannot decode the message: "), "{status:?}");
        let requests = tokio_stream::iter([other]);
        let status = channel.client_streaming::<_, User>(&CREATE_USERS, requests).await.unwrap_err();
        assert_eq!(status.code(), Code::Internal);
    }
}

#[tokio::test]
async fn an_undecodable_response_is_internal() {
    for channel in channels().await {
        let status = channel.unary::<_, Other>(&GET_USER, request("7")).await.unwrap_err();
        assert_eq!(status.code(), Code::Internal);
        let mut others: Streaming<Other> =
            channel.server_streaming(&LIST_USERS, request("7")).await.unwrap().into_inner();
        assert_eq!(others.message().await.unwrap_err().code(), Code::Internal);
    }
}

#[tokio::test]
async fn any_number_of_responses_but_one_is_unimplemented_for_a_unary_call() {
    for channel in channels().await {
        for id in ["none", "7"] {
            let status = channel.unary::<_, User>(&LIST_USERS, request(id)).await.unwrap_err();
            assert_eq!(status.code(), Code::Unimplemented, "{status:?}");
        }
    }
}

#[tokio::test]
async fn any_number_of_requests_but_one_is_unimplemented_for_a_unary_method() {
    for channel in channels().await {
        for requests in [vec![], vec![request("7"), request("8")]] {
            let requests = tokio_stream::iter(requests);
            let status = channel.client_streaming::<_, User>(&GET_USER, requests).await.unwrap_err();
            assert_eq!(status.code(), Code::Unimplemented, "{status:?}");
        }
    }
}

#[tokio::test]
async fn an_origin_without_a_scheme_is_refused() {
    for channel in channels().await {
        let channel = channel.origin("example.com".parse().unwrap());
        let status = channel.unary::<_, User>(&GET_USER, request("7")).await.unwrap_err();
        assert_eq!(status.code(), Code::Internal);
    }
}

#[tokio::test]
async fn a_path_that_http_cannot_carry_is_refused() {
    const ODD: MethodDescriptor = MethodDescriptor::unary("/user.v1.User Service/Get\u{7f}User");
    for channel in channels().await {
        assert_eq!(channel.unary::<_, User>(&ODD, request("7")).await.unwrap_err().code(), Code::Internal);
    }
}

#[tokio::test]
async fn a_method_left_to_its_default_is_unimplemented_by_name() {
    let left_out = rgrpc::codegen::unimplemented::<_, Streaming<User>>(
        &user_v1::user_service_methods::CHAT,
        rgrpc::Request::new(Streaming::from(vec![user("a", 1)])),
    );
    let status = left_out.await.map(Response::into_inner).unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (Code::Unimplemented, "/user.v1.UserService/Chat is not implemented")
    );
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_unavailable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert!(Channel::connect(address.clone()).await.is_err());
    let channel = Channel::connect(address).lazy().unwrap();
    let status = channel.unary::<_, User>(&GET_USER, request("7")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert!(Channel::connect("not a uri").lazy().is_err());
}
