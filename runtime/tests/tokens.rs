//! Tokens that cancel calls, and tokens by which handlers learn of it, for all four kinds.
#![cfg(feature = "transport")]

mod support;

use std::future::{IntoFuture, pending};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rgrpc::intercept::{Cancellation, from_fn};
use rgrpc::{
    CancellationToken, Channel, Code, MethodKind, Request, Response, ServerStream, Status, Streaming, streaming,
};
use tokio_stream::{Stream, StreamExt};

use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::{UserService, UserServiceServer};
use support::user_v1::{GetUserRequest, User};
use support::{both, piped, plain, request, user};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_token_cancels_calls_of_each_kind_at_both_ends() {
    for (client, mut events) in plain().await {
        let token = CancellationToken::new();
        let call = tokio::spawn(client.get_user(request("hang")).cancelled_by(&token).into_future());
        assert_eq!(events.next().await, "get_user");
        token.cancel();
        let status = call.await.unwrap().unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::Cancelled, "the caller cancelled the call"));
        assert_eq!(events.next().await, "get_user dropped");

        let token = CancellationToken::new();
        let call = tokio::spawn(client.create_users(tokio_stream::pending()).cancelled_by(&token).into_future());
        assert_eq!(events.next().await, "create_users");
        token.cancel();
        assert_eq!(call.await.unwrap().unwrap_err().code(), Code::Cancelled);
        assert_eq!(events.next().await, "create_users dropped");

        let token = CancellationToken::new();
        let mut users = client.list_users(request("hang")).cancelled_by(&token).await.unwrap().into_inner();
        assert!(users.message().await.unwrap().is_some());
        assert_eq!(events.next().await, "list_users");
        token.cancel();
        assert_eq!(users.message().await.unwrap_err().code(), Code::Cancelled);
        assert!(users.message().await.unwrap().is_none());
        assert_eq!(events.next().await, "list_users dropped");

        let token = CancellationToken::new();
        let (mut requests, outgoing) = streaming::channel();
        let mut users = client.chat(outgoing).cancelled_by(&token).start();
        requests.send(user("a", 1)).await.unwrap();
        assert!(users.message().await.unwrap().is_some());
        assert_eq!(events.next().await, "chat");
        token.cancel();
        assert_eq!(users.message().await.unwrap_err().code(), Code::Cancelled);
        assert_eq!(events.next().await, "chat dropped");
    }
}

#[tokio::test]
async fn a_token_that_is_cancelled_already_keeps_calls_from_being_sent() {
    for (client, events) in plain().await {
        let token = CancellationToken::new();
        token.cancel();
        let status = client.get_user(request("7")).cancelled_by(&token).await.unwrap_err();
        assert_eq!(status.code(), Code::Cancelled);
        let status = client.chat(tokio_stream::pending()).cancelled_by(&token).await.unwrap_err();
        assert_eq!(status.code(), Code::Cancelled);
        assert!(events.is_empty());
    }
}

#[tokio::test]
async fn a_token_ends_interceptors_too() {
    let hang = from_fn(async |_, _| pending().await);
    let hang = Arc::new(hang);
    for (client, _events) in both(|server| server, |channel| channel.intercept(hang.clone())).await {
        let token = CancellationToken::new();
        let call = tokio::spawn(client.get_user(request("7")).cancelled_by(&token).into_future());
        tokio::task::yield_now().await;
        token.cancel();
        assert_eq!(call.await.unwrap().unwrap_err().code(), Code::Cancelled);
    }
}

/// Keeps the token of each call; the id, or the first request, says whether the call goes on forever.
#[derive(Clone, Default)]
struct Keeping(Arc<Mutex<Vec<CancellationToken>>>);

type Users = Pin<Box<dyn Stream<Item = Result<User, Status>> + Send>>;

impl Keeping {
    fn keep<T>(&self, request: &Request<T>) {
        self.0.lock().unwrap().push(Cancellation::of(request.extensions()).unwrap());
    }

    /// The token of the last call.
    fn token(&self) -> CancellationToken {
        self.0.lock().unwrap().pop().unwrap()
    }
}

impl UserService for Keeping {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        self.keep(&request);
        if request.get_ref().user_id == "hang" {
            pending::<()>().await;
        }
        Ok(Response::new(User::default()))
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        self.keep(&request);
        let users: Users = match request.get_ref().user_id.as_str() {
            "hang" => Box::pin(tokio_stream::pending()),
            _ => Box::pin(tokio_stream::empty()),
        };
        Ok(Response::new(users))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        self.keep(&request);
        let mut users = request.into_inner();
        while users.message().await?.is_some() {}
        Ok(Response::new(User::default()))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        self.keep(&request);
        Ok(Response::new(request.into_inner()))
    }
}

/// Makes a call of a `kind` to its end, if it has one.
async fn call(client: &UserServiceClient, kind: MethodKind, id: &str, timeout: Duration) -> Result<(), Status> {
    let requests = || -> Pin<Box<dyn Stream<Item = User> + Send>> {
        if id == "hang" { Box::pin(tokio_stream::pending()) } else { Box::pin(tokio_stream::once(user(id, 1))) }
    };
    let mut responses = match kind {
        MethodKind::Unary => return client.get_user(request(id)).timeout(timeout).await.map(drop),
        MethodKind::ClientStreaming => return client.create_users(requests()).timeout(timeout).await.map(drop),
        MethodKind::ServerStreaming => client.list_users(request(id)).timeout(timeout).await?.into_inner(),
        MethodKind::BidiStreaming => client.chat(requests()).timeout(timeout).await?.into_inner(),
    };
    while responses.next().await.transpose()?.is_some() {}
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn the_token_of_a_handler_is_cancelled_with_its_call_and_only_then() {
    let keeping = Keeping::default();
    let server = UserServiceServer::new(keeping.clone()).intercept(Cancellation);
    for channel in [piped(server.clone()), Channel::new(server)] {
        let client = UserServiceClient::new(channel);
        for kind in
            [MethodKind::Unary, MethodKind::ServerStreaming, MethodKind::ClientStreaming, MethodKind::BidiStreaming]
        {
            call(&client, kind, "7", 60 * SECOND).await.unwrap();
            tokio::time::sleep(SECOND).await;
            assert!(!keeping.token().is_cancelled(), "{kind:?} ended");

            let status = call(&client, kind, "hang", SECOND).await.unwrap_err();
            assert_eq!(status.code(), Code::DeadlineExceeded, "{kind:?}");
            tokio::time::timeout(SECOND, keeping.token().cancelled()).await.expect("its deadline passed");

            let dropped = tokio::time::timeout(SECOND, call(&client, kind, "hang", 60 * SECOND));
            assert!(dropped.await.is_err(), "{kind:?}");
            tokio::time::timeout(SECOND, keeping.token().cancelled()).await.expect("its caller dropped it");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_interceptor_there_is_no_token() {
    assert!(Cancellation::of(Request::new(()).extensions()).is_none());
}

/// Takes its time before it reads.
struct Slow;

impl UserService for Slow {
    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        tokio::time::sleep(60 * SECOND).await;
        let read = request.into_inner().fold(0, |n, _| n + 1).await;
        Ok(Response::new(user("", read)))
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_does_not_read_holds_up_the_sender() {
    for channel in [piped(UserServiceServer::new(Slow)), Channel::new(UserServiceServer::new(Slow))] {
        let (mut requests, outgoing) = streaming::channel();
        let response = UserServiceClient::new(channel).create_users(outgoing).start();
        let large = "x".repeat(100_000);
        let mut sent = 0;
        let filling = tokio::time::timeout(30 * SECOND, async {
            loop {
                requests.send(user(&large, 0)).await.unwrap();
                sent += 1;
            }
        });
        filling.await.unwrap_err();
        assert!(sent < 100, "{sent} messages of 100 kB wait");
        requests.finish();
        assert_eq!(response.await.unwrap().get_ref().n, sent);
    }
}
