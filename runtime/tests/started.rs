//! Calls that are started, with a sender and a receiver before the server answers, over a socket and in process.
#![cfg(feature = "transport")]

mod support;

use std::time::Duration;

use rgrpc::streaming::{self, Outgoing};
use rgrpc::{Channel, Code, Request, Response, ServerStream, Status, Streaming};
use tokio_stream::StreamExt;

use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::{UserService, UserServiceServer};
use support::user_v1::{GetUserRequest, User};
use support::{loopback, plain, user};

/// Sends its headers with its first response, as most servers do; the id of the first request says what else it does.
struct Late;

impl UserService for Late {
    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let mut users = request.into_inner();
        let mut n = 0;
        while let Some(user) = users.message().await? {
            match user.id.as_str() {
                "refuse" => return Err(Status::permission_denied("no more")),
                "enough" => break,
                _ => n += user.n,
            }
        }
        Ok(Response::new(user("sum", n)))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        let mut users = request.into_inner();
        let first = users.message().await?.ok_or_else(|| Status::invalid_argument("no first request"))?;
        if first.id == "refuse" {
            return Err(Status::permission_denied("not you"));
        }
        let rest = users.map(|next| match next?.id.as_str() {
            "refuse" => Err(Status::permission_denied("no more")),
            id => Ok(user(id, 2)),
        });
        let mut response = Response::new(tokio_stream::once(Ok(user(&first.id, 1))).chain(rest));
        response.metadata_mut().insert("late", "yes".parse().unwrap());
        Ok(response)
    }
}

async fn late() -> [UserServiceClient; 2] {
    let server = UserServiceServer::new(Late);
    [UserServiceClient::new(loopback(server.clone()).await), UserServiceClient::new(Channel::new(server))]
}

/// A value that is to come soon.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), future).await.expect("nothing happened")
}

#[tokio::test]
async fn a_request_is_sent_before_the_server_says_anything() {
    for client in late().await {
        let (mut requests, outgoing) = streaming::channel();
        let mut responses = client.chat(outgoing).start();
        soon(requests.send(user("a", 0))).await.unwrap();
        assert_eq!(soon(responses.headers()).await.unwrap().get("late").unwrap(), "yes");
        assert_eq!(soon(responses.message()).await.unwrap(), Some(user("a", 1)));
        soon(requests.send(user("b", 0))).await.unwrap();
        assert_eq!(soon(responses.message()).await.unwrap(), Some(user("b", 2)));
        requests.finish();
        assert_eq!(soon(responses.message()).await.unwrap(), None);
        assert_eq!(soon(responses.message()).await.unwrap(), None);
        assert!(soon(responses.trailers()).await.unwrap().is_some_and(|trailers| trailers.contains_key("grpc-status")));
    }
}

#[tokio::test]
async fn both_halves_can_be_in_tasks_of_their_own() {
    for client in late().await {
        let (mut requests, outgoing) = streaming::channel();
        let responses = client.chat(outgoing).start();
        let sending = tokio::spawn(async move {
            for n in 0..1000 {
                requests.send(user(&"x".repeat(n), 0)).await?;
            }
            requests.finish();
            Ok::<_, Status>(())
        });
        let receiving = tokio::spawn(responses.map(|user| user.unwrap().id.len()).collect::<Vec<_>>());
        assert_eq!(soon(receiving).await.unwrap(), (0..1000).collect::<Vec<_>>());
        sending.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn unread_responses_hold_up_neither_the_first_requests_nor_anything_else_forever() {
    for client in late().await {
        let (mut requests, outgoing) = streaming::channel();
        let mut responses = client.chat(outgoing).start();
        for _ in 0..100 {
            soon(requests.send(user("a", 0))).await.unwrap();
        }
        let large = "x".repeat(100_000);
        let full = tokio::time::timeout(Duration::from_millis(200), async {
            loop {
                requests.send(user(&large, 0)).await.unwrap();
            }
        });
        full.await.unwrap_err();
        assert_eq!(soon(responses.message()).await.unwrap(), Some(user("a", 1)));
        requests.finish();
        let mut n = 1;
        while let Some(user) = soon(responses.message()).await.unwrap() {
            assert!(n >= 100 || user.id == "a");
            n += 1;
        }
        assert!(n > 100);
    }
}

#[tokio::test]
async fn a_call_with_one_response_is_started_too() {
    for client in late().await {
        let (mut requests, outgoing) = streaming::channel();
        let response = client.create_users(outgoing).start();
        for n in 0..100 {
            soon(requests.send(user("a", n))).await.unwrap();
        }
        requests.finish();
        assert_eq!(soon(response).await.unwrap().into_inner(), user("sum", 4950));

        let users = client.list_users(GetUserRequest::default()).start().message().await;
        assert_eq!(users.unwrap_err().code(), Code::Unimplemented);
        let user = client.get_user(GetUserRequest::default()).start().await;
        assert_eq!(user.unwrap_err().code(), Code::Unimplemented);
    }
}

#[tokio::test]
async fn a_sender_that_is_dropped_cancels_the_call() {
    for (client, mut events) in plain().await {
        let (mut requests, outgoing) = streaming::channel();
        let response = client.create_users(outgoing).start();
        requests.send(user("a", 1)).await.unwrap();
        drop(requests);
        assert_eq!(soon(response).await.unwrap_err().code(), Code::Cancelled);
        assert_eq!(events.next().await, "create_users");
        assert_eq!(events.next().await, "create_users dropped");

        let (mut requests, outgoing) = streaming::channel();
        let producer = tokio::spawn(async move {
            requests.send(user("a", 1)).await.unwrap();
            panic!("reading the file failed")
        });
        let status = soon(client.create_users(outgoing).into_future()).await.unwrap_err();
        assert_eq!(status.code(), Code::Cancelled);
        assert!(producer.await.is_err());
        assert_eq!(events.next().await, "create_users");
        assert_eq!(events.next().await, "create_users dropped");

        let (mut requests, outgoing) = streaming::channel();
        let mut responses = client.chat(outgoing).start();
        requests.send(user("a", 1)).await.unwrap();
        assert_eq!(soon(responses.message()).await.unwrap(), Some(user("a", 2)));
        requests.cancel();
        assert_eq!(soon(responses.message()).await.unwrap_err().code(), Code::Cancelled);
        assert_eq!(events.next().await, "chat");
        assert_eq!(events.next().await, "chat dropped");
    }
}

#[tokio::test]
async fn requests_that_fail_end_the_call_with_their_status() {
    for (client, mut events) in plain().await {
        let results = [Ok(user("a", 1)), Err(Status::data_loss("the disk is broken"))];
        let requests = || Outgoing::from_results(tokio_stream::iter(results.clone()));
        let (single, in_a_request) = (client.create_users(requests()), client.create_users(Request::new(requests())));
        for call in [single, in_a_request] {
            let status = soon(call.into_future()).await.unwrap_err();
            assert_eq!((status.code(), status.message()), (Code::DataLoss, "the disk is broken"));
            assert_eq!(events.next().await, "create_users");
            assert_eq!(events.next().await, "create_users dropped");
        }
        let mut responses = client.chat(requests()).start();
        let mut last = soon(responses.message()).await;
        if last.is_ok() {
            last = soon(responses.message()).await;
        }
        assert_eq!(last.unwrap_err().code(), Code::DataLoss);
        assert_eq!(events.next().await, "chat");
        assert_eq!(events.next().await, "chat dropped");

        let (mut requests, outgoing) = streaming::channel();
        let mut responses = client.chat(outgoing).start();
        requests.send(user("a", 1)).await.unwrap();
        assert_eq!(soon(responses.message()).await.unwrap(), Some(user("a", 2)));
        requests.fail(Status::data_loss("the disk is broken"));
        assert_eq!(soon(responses.message()).await.unwrap_err().code(), Code::DataLoss);
        assert_eq!(events.next().await, "chat");
        assert_eq!(events.next().await, "chat dropped");
    }
}

/// Sends until it fails.
async fn exhaust(requests: &mut streaming::Sender<User>) -> Status {
    loop {
        if let Err(status) = soon(requests.send(user("a", 1))).await {
            return status;
        }
    }
}

#[tokio::test]
async fn sending_after_the_end_gives_the_status_of_the_call() {
    for client in late().await {
        // Trailers-Only, before anything is read.
        let (mut requests, outgoing) = streaming::channel();
        let mut responses = client.chat(outgoing).start();
        requests.send(user("refuse", 0)).await.unwrap();
        assert_eq!(exhaust(&mut requests).await.code(), Code::PermissionDenied);
        assert_eq!(soon(responses.message()).await.unwrap_err().message(), "not you");
        assert_eq!(soon(responses.message()).await.unwrap(), None);

        // In the middle of the stream.
        let (mut requests, outgoing) = streaming::channel();
        let mut responses = client.chat(outgoing).start();
        requests.send(user("a", 0)).await.unwrap();
        assert!(soon(responses.message()).await.unwrap().is_some());
        requests.send(user("refuse", 0)).await.unwrap();
        let status = loop {
            match soon(responses.message()).await {
                Ok(message) => assert!(message.is_some()),
                Err(status) => break status,
            }
        };
        assert_eq!(status.message(), "no more");
        assert_eq!(exhaust(&mut requests).await.message(), "no more");

        // Of a call with one response.
        let (mut requests, outgoing) = streaming::channel();
        let response = client.create_users(outgoing).start();
        requests.send(user("refuse", 0)).await.unwrap();
        assert_eq!(exhaust(&mut requests).await.message(), "no more");
        assert_eq!(soon(response).await.unwrap_err().message(), "no more");

        // A server may have enough without having all.
        let (mut requests, outgoing) = streaming::channel();
        let response = client.create_users(outgoing).start();
        requests.send(user("enough", 0)).await.unwrap();
        assert_eq!(exhaust(&mut requests).await.code(), Code::FailedPrecondition);
        assert_eq!(soon(response).await.unwrap().into_inner(), user("sum", 0));

        // The receiver is gone.
        let (mut requests, outgoing) = streaming::channel();
        let responses = client.chat(outgoing).start();
        requests.send(user("a", 0)).await.unwrap();
        responses.cancel();
        exhaust(&mut requests).await;
    }
}

#[tokio::test]
async fn a_started_call_has_a_deadline() {
    for client in late().await {
        let (mut requests, outgoing) = streaming::channel::<User>();
        let mut responses = client.chat(outgoing).timeout(Duration::from_millis(50)).start();
        assert_eq!(soon(responses.message()).await.unwrap_err().code(), Code::DeadlineExceeded);
        assert_eq!(exhaust(&mut requests).await.code(), Code::DeadlineExceeded);
    }
}
