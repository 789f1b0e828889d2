//! Checks the faults that `Fault` injects, on a channel and on a server, in paused time.
#![cfg(all(feature = "testing", feature = "transport"))]

mod support;

use std::time::Duration;

use rgrpc::testing::Fault;
use rgrpc::{Channel, Code, Status};
use tokio::time::Instant;

use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_methods::{GET_USER, LIST_USERS};
use support::user_v1::user_service_server::UserServiceServer;
use support::{Users, piped, request, user};

const SECOND: Duration = Duration::from_secs(1);

/// Clients whose calls have the fault: on the channel and on the server, each in process and over HTTP/2.
fn clients(fault: impl Fn() -> Fault) -> [UserServiceClient; 4] {
    let server = || UserServiceServer::new(Users::new().0);
    [
        Channel::new(server()).intercept(fault()),
        piped(server()).intercept(fault()),
        Channel::new(server().intercept(fault())),
        piped(server().intercept(fault())),
    ]
    .map(UserServiceClient::new)
}

#[tokio::test(start_paused = true)]
async fn a_delay_holds_up_each_kind_of_call_up_to_its_deadline() {
    for client in clients(|| Fault::delay(SECOND)) {
        let start = Instant::now();
        client.get_user(request("7")).await.unwrap();
        client.list_users(request("7")).await.unwrap();
        client.create_users(tokio_stream::iter([user("a", 1)])).await.unwrap();
        client.chat(tokio_stream::iter([user("a", 1)])).await.unwrap();
        assert_eq!(start.elapsed().as_secs(), 4);
        let status = client.get_user(request("7")).timeout(SECOND / 2).await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
    }
    for client in clients(|| Fault::delay(Duration::MAX)) {
        let status = client.get_user(request("7")).timeout(SECOND).await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
    }
}

#[tokio::test(start_paused = true)]
async fn every_nth_call_of_the_method_fails() {
    for client in clients(|| Fault::fail(Status::unavailable("injected")).every(3).only(&GET_USER)) {
        let mut codes = vec![];
        for _ in 0..6 {
            client.list_users(request("7")).await.unwrap();
            codes.push(client.get_user(request("7")).await.map_or_else(|status| status.code(), |_| Code::Ok));
        }
        let thrice = [Code::Ok, Code::Ok, Code::Unavailable];
        assert_eq!(codes, [thrice, thrice].concat());
    }
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_call_fails() {
    for client in clients(|| Fault::fail(Status::unavailable("injected"))) {
        assert_eq!(client.get_user(request("7")).await.unwrap_err().message(), "injected");
        assert_eq!(client.list_users(request("7")).await.unwrap_err().message(), "injected");
        assert_eq!(client.create_users(tokio_stream::pending()).await.unwrap_err().message(), "injected");
        assert_eq!(client.chat(tokio_stream::pending()).await.unwrap_err().message(), "injected");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_breaks_off_after_some_messages() {
    for client in clients(|| Fault::break_off(2, Status::data_loss("lost")).only(&LIST_USERS)) {
        let mut users = client.list_users(request("7")).await.unwrap().into_inner();
        assert_eq!(users.message().await.unwrap(), Some(user("7", 0)));
        assert_eq!(users.message().await.unwrap(), Some(user("7", 1)));
        assert_eq!(users.message().await.unwrap_err().code(), Code::DataLoss);
        client.get_user(request("7")).await.unwrap();
    }
    for client in clients(|| Fault::break_off(2, Status::data_loss("lost"))) {
        assert_eq!(client.get_user(request("7")).await.unwrap_err().code(), Code::DataLoss);
    }
}
