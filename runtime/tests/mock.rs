//! Checks mocks: their answers, their records, and their failures.
#![cfg(all(feature = "testing", feature = "transport"))]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use rgrpc::testing::Mock;
use rgrpc::tonic::transport;
use rgrpc::{Channel, Client, Code, Deadline, Response, Status, Streaming, streaming};
use tokio::time::Instant;
use tokio_stream::StreamExt;

use support::user_v1::user_service_client::UserServiceClient;
use support::{request, serve, user};

type Users = Mock<UserServiceClient>;

const SECOND: Duration = Duration::from_secs(1);

/// The mock in process, and over a socket.
async fn clients(users: &Users) -> [UserServiceClient; 2] {
    let address = serve(transport::Server::builder().add_service(users.server())).await;
    [users.client(), UserServiceClient::connect(address).await.unwrap()]
}

#[tokio::test]
async fn a_method_of_each_kind_is_answered_as_an_implementation_would() {
    let users = Users::new();
    users.on(UserServiceClient::get_user).answers(|request| async move {
        let left = Deadline::of(request.extensions()).is_some();
        Ok(Response::new(user(&request.into_inner().user_id, i32::from(left))))
    });
    users.on(UserServiceClient::list_users).answers(|request| async move {
        let id = request.into_inner().user_id;
        Ok(Response::new(Streaming::from(vec![user(&id, 1), user(&id, 2)])))
    });
    users.on(UserServiceClient::create_users).answers(|request| async move {
        let sum = request.into_inner().fold(0, |sum, user| sum + user.unwrap().n).await;
        Ok(Response::new(user("sum", sum)))
    });
    users
        .on(UserServiceClient::chat)
        .answers(|request| async move { Ok(Response::new(Streaming::from_results(request.into_inner()))) });
    for client in clients(&users).await {
        let one = client.get_user(request("7")).timeout(SECOND).await.unwrap().into_inner();
        assert_eq!(one, user("7", 1));
        let many: Vec<_> = client.list_users(request("7")).await.unwrap().into_inner().collect().await;
        assert_eq!(many.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [user("7", 1), user("7", 2)]);
        let requests = || tokio_stream::iter([user("a", 1), user("b", 2)]);
        assert_eq!(client.create_users(requests()).await.unwrap().into_inner(), user("sum", 3));
        let echo: Vec<_> = client.chat(requests()).await.unwrap().into_inner().collect().await;
        assert_eq!(echo.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [user("a", 1), user("b", 2)]);
    }
}

#[tokio::test]
async fn fixed_answers_need_no_closure() {
    let users = Users::new();
    users.on(UserServiceClient::get_user).returns(user("one", 1));
    users.on(UserServiceClient::list_users).streams([user("a", 1), user("b", 2)]);
    users.on(UserServiceClient::create_users).returns(user("sum", 3));
    users.on(UserServiceClient::chat).streams([user("c", 3)]);
    for client in clients(&users).await {
        assert_eq!(client.get_user(request("7")).await.unwrap().into_inner(), user("one", 1));
        let many: Vec<_> = client.list_users(request("7")).await.unwrap().into_inner().collect().await;
        assert_eq!(many.len(), 2);
        let requests = || tokio_stream::iter([user("x", 1), user("y", 2)]);
        assert_eq!(client.create_users(requests()).await.unwrap().into_inner(), user("sum", 3));
        let chat: Vec<_> = client.chat(requests()).await.unwrap().into_inner().collect().await;
        assert_eq!(chat.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [user("c", 3)]);
    }
    assert_eq!(users.on(UserServiceClient::create_users).requests().len(), 4);
    assert_eq!(users.on(UserServiceClient::chat).requests().len(), 4);
}

#[tokio::test]
async fn answers_fail_and_break_off() {
    let users = Users::new();
    users.on(UserServiceClient::get_user).fails(Status::not_found("no such user"));
    users.on(UserServiceClient::list_users).breaks_off([user("a", 1)], Status::data_loss("gone"));
    users.on(UserServiceClient::create_users).fails(Status::permission_denied("not you"));
    users.on(UserServiceClient::chat).fails(Status::unavailable("restarting"));
    for client in clients(&users).await {
        assert_eq!(client.get_user(request("7")).await.unwrap_err().message(), "no such user");
        let mut responses = client.list_users(request("7")).await.unwrap().into_inner();
        assert_eq!(responses.message().await.unwrap(), Some(user("a", 1)));
        assert_eq!(responses.message().await.unwrap_err().code(), Code::DataLoss);
        let upload = client.create_users(tokio_stream::pending()).await;
        assert_eq!(upload.unwrap_err().code(), Code::PermissionDenied);
        assert_eq!(client.chat(tokio_stream::pending()).await.unwrap_err().code(), Code::Unavailable);
    }
}

#[tokio::test(start_paused = true)]
async fn answers_can_be_late_or_missing_in_paused_time() {
    let users = Users::new();
    users.on(UserServiceClient::get_user).once().after(3600 * SECOND).returns(user("7", 1));
    users.on(UserServiceClient::get_user).hangs();
    let client = users.client();
    let start = Instant::now();
    client.get_user(request("7")).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 3600);
    let status = client.get_user(request("7")).timeout(60 * SECOND).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!((3659..=3660).contains(&start.elapsed().as_secs()));
}

#[tokio::test]
async fn each_call_takes_the_first_answer_that_is_left() {
    let users = Users::new();
    users.on(UserServiceClient::get_user).once().fails(Status::unavailable("restarting"));
    users.on(UserServiceClient::get_user).times(2).returns(user("first", 1));
    let mut n = 10;
    users.on(UserServiceClient::get_user).answers(move |_| {
        n += 1;
        async move { Ok(Response::new(user("later", n))) }
    });
    let client = users.client();
    assert_eq!(client.get_user(request("7")).await.unwrap_err().code(), Code::Unavailable);
    for expected in [user("first", 1), user("first", 1), user("later", 11), user("later", 12)] {
        assert_eq!(client.get_user(request("7")).await.unwrap().into_inner(), expected);
    }
}

#[tokio::test]
async fn calls_are_recorded_in_order_with_their_messages_and_metadata() {
    let users = Users::new();
    users.on(UserServiceClient::get_user).returns(user("7", 1));
    users
        .on(UserServiceClient::chat)
        .answers(|request| async move { Ok(Response::new(Streaming::from_results(request.into_inner()))) });
    for client in clients(&users).await {
        client.get_user(request("a")).metadata("tenant", "x").await.unwrap();
        let (mut requests, outgoing) = streaming::channel();
        let mut responses = client.chat(outgoing).start();
        for n in 0..2 {
            requests.send(user("c", n)).await.unwrap();
            assert_eq!(responses.message().await.unwrap(), Some(user("c", n)));
        }
        requests.finish();
        assert_eq!(responses.message().await.unwrap(), None);
        client.get_user(request("b")).await.unwrap();
    }
    assert_eq!(users.calls(), ["GetUser", "Chat", "GetUser"].repeat(2));
    let get_user = users.on(UserServiceClient::get_user);
    assert_eq!(get_user.count(), 4);
    assert_eq!(get_user.requests(), ["a", "b", "a", "b"].map(request));
    let tenants: Vec<_> = get_user.metadata().iter().map(|metadata| metadata.contains_key("tenant")).collect();
    assert_eq!(tenants, [true, false, true, false]);
    assert_eq!(users.on(UserServiceClient::chat).requests(), [0, 1, 0, 1].map(|n| user("c", n)));
    assert_eq!(users.on(UserServiceClient::list_users).count(), 0);
}

/// The text with which a mock that is dropped fails its test.
fn failure(users: Users) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| drop(users))).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

#[tokio::test]
async fn a_call_without_an_answer_fails_the_test() {
    let users = Users::new();
    users.on(UserServiceClient::get_user).once().returns(user("7", 1));
    let client = users.client();
    client.get_user(request("7")).await.unwrap();
    users.verify();
    let status = client.get_user(request("7")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    assert_eq!(status.message(), "the mock has no answer left for `/user.v1.UserService/GetUser`");
    client.list_users(request("7")).await.unwrap_err();
    assert_eq!(
        failure(users),
        "`user.v1.UserService` was not called as its mock expects:
  call 2, of GetUser, had no answer left
  call 3, of ListUsers, had no answer left
calls, in order: GetUser, GetUser, ListUsers"
    );
}

#[tokio::test]
async fn an_answer_that_is_left_fails_the_test_and_names_its_place() {
    let users = Users::new();
    let line = line!() + 1;
    users.on(UserServiceClient::get_user).times(3).returns(user("7", 1));
    users.client().get_user(request("7")).await.unwrap();
    let file = file!();
    assert_eq!(
        failure(users),
        format!(
            "`user.v1.UserService` was not called as its mock expects:
  expected 3 calls of GetUser, saw 1: {file}:{line}:11
calls, in order: GetUser"
        )
    );
    let users = Users::new();
    users.on(UserServiceClient::chat).once().streams([]);
    assert!(failure(users).ends_with("calls, in order: none"));
}

#[test]
fn a_mock_that_is_dropped_by_a_panic_does_not_add_its_own() {
    let panic = catch_unwind(|| {
        let users = Users::new();
        users.on(UserServiceClient::get_user).once().returns(user("7", 1));
        panic!("the test failed");
    });
    assert_eq!(panic.unwrap_err().downcast_ref::<&str>(), Some(&"the test failed"));
}

#[tokio::test]
async fn a_handler_that_panics_ends_its_call_and_the_mock_goes_on() {
    let users = Users::new();
    users.on(UserServiceClient::get_user).answers(|request| async move {
        assert_eq!(request.get_ref().user_id, "7");
        Ok(Response::new(user("7", 1)))
    });
    let client = users.client();
    assert_eq!(client.get_user(request("8")).await.unwrap_err().code(), Code::Unknown);
    assert!(client.get_user(request("7")).await.is_ok());
}

#[tokio::test]
async fn a_client_turns_into_its_channel_and_back() {
    let users = Users::new();
    users.on(UserServiceClient::get_user).hangs();
    let channel = Channel::from(users.client()).timeout(Duration::from_millis(20));
    let impatient = UserServiceClient::from(channel);
    assert_eq!(impatient.get_user(request("7")).await.unwrap_err().code(), Code::DeadlineExceeded);
}
