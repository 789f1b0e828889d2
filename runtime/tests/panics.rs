//! Checks that a panic of a handler or an interceptor becomes a status for its caller, and affects nothing else.
#![cfg(feature = "transport")]

mod support;

use std::convert::Infallible;
use std::future::{IntoFuture, Ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use rgrpc::intercept::{self, Chain, Head, Messages, Next, from_fn};
use rgrpc::tonic::body::Body;
use rgrpc::{Channel, Code, PanicOrigin, Request, Response, ServerStream, Status, Streaming, streaming};
use tokio::sync::mpsc::unbounded_channel;
use tokio_stream::{Stream, StreamExt};
use tower_layer::Layer;
use tower_service::Service;

use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::{UserService, UserServiceServer};
use support::user_v1::{GetUserRequest, User};
use support::{loopback, piped, user};

/// Panics with a secret, where it is asked to.
struct Fragile;

const SECRET: &str = "the password is swordfish";

/// Panics when dropped.
struct Grenade;

impl Drop for Grenade {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "{SECRET}");
    }
}

/// Fails, and panics when that is taken for its end.
struct FailsAndExplodes(Grenade);

impl Stream for FailsAndExplodes {
    type Item = Result<User, Status>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let _ = &self.0;
        Poll::Ready(Some(Err(Status::data_loss("gone"))))
    }
}

type Users = Pin<Box<dyn Stream<Item = Result<User, Status>> + Send>>;

impl UserService for Fragile {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        match request.into_inner().user_id.as_str() {
            "at once" => panic!("{SECRET}"),
            "later" => {
                tokio::task::yield_now().await;
                panic!("{SECRET}")
            }
            "a payload" => std::panic::panic_any(Grenade),
            "in vain" => {
                let _grenade = Grenade;
                std::future::pending().await
            }
            id => Ok(Response::new(user(id, 0))),
        }
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        let first = tokio_stream::once(Ok(user("a", 0)));
        let users: Users = match request.into_inner().user_id.as_str() {
            "at once" => panic!("{SECRET}"),
            "later" => Box::pin(first.chain(tokio_stream::iter([1]).map(|_| panic!("{SECRET}")))),
            "in vain" => {
                let grenade = Grenade;
                Box::pin(first.chain(tokio_stream::pending().map(move |()| {
                    let _ = &grenade;
                    Ok(user("a", 1))
                })))
            }
            _ => Box::pin(first.chain(FailsAndExplodes(Grenade))),
        };
        Ok(Response::new(users))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        request.into_inner().message().await?;
        panic!("{SECRET}")
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(request.into_inner().map(|user| match user?.n {
            0 => Ok(support::user("a", 0)),
            _ => panic!("{SECRET}"),
        })))
    }
}

type Heard = Arc<Mutex<Vec<String>>>;

async fn fragile() -> ([UserServiceClient; 2], Heard) {
    let heard = Heard::default();
    let report = heard.clone();
    let server = UserServiceServer::new(Fragile).on_panic(move |panic| {
        report.lock().unwrap().push(format!("{} {}", panic.method().unwrap().name(), panic.message()));
        panic!("the report panics too");
    });
    let over_socket = UserServiceClient::new(loopback(server.clone()).await);
    ([over_socket, UserServiceClient::new(Channel::new(server))], heard)
}

const BY_HANDLER: &str = "the handler of the call panicked";
const BY_INTERCEPTOR: &str = "an interceptor of the call panicked";

fn check<T: std::fmt::Debug>(claim: &str, result: Result<T, Status>) {
    check_text(claim, result, BY_HANDLER);
}

fn check_text<T: std::fmt::Debug>(claim: &str, result: Result<T, Status>, expected: &str) {
    let status = result.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Unknown, expected), "{claim}");
    assert!(!format!("{status:?}").contains("swordfish"), "{claim}: {status:?}");
}

/// The messages of a stream, and the status it ends with.
async fn collect(mut users: Streaming<User>) -> (usize, Result<(), Status>) {
    let mut n = 0;
    loop {
        match users.message().await {
            Ok(Some(_)) => n += 1,
            Ok(None) => return (n, Ok(())),
            Err(status) => return (n, Err(status)),
        }
    }
}

#[tokio::test]
async fn a_panic_is_unknown_in_every_kind_whenever_it_comes() {
    let (clients, heard) = fragile().await;
    for client in clients {
        let of = |id: &str| GetUserRequest { user_id: id.into() };
        for when in ["at once", "later"] {
            check(when, client.get_user(of(when)).await);
        }
        check("a stream before its first response", client.list_users(of("at once")).await);
        let (n, end) = collect(client.list_users(of("later")).await.unwrap().into_inner()).await;
        check("a stream after its first response", end);
        assert_eq!(n, 1);
        check("an upload", client.create_users(tokio_stream::iter([user("a", 0)])).await);
        let chat = client.chat(tokio_stream::iter([user("a", 0), user("a", 0), user("a", 1), user("a", 0)])).await;
        let (n, end) = collect(chat.unwrap().into_inner()).await;
        check("both streams", end);
        assert_eq!(n, 2);

        assert_eq!(client.get_user(of("7")).await.unwrap().into_inner().id, "7", "the connection lives on");
        let expected =
            ["GetUser", "GetUser", "ListUsers", "ListUsers", "CreateUsers", "Chat"].map(|m| format!("{m} {SECRET}"));
        assert_eq!(std::mem::take(&mut *heard.lock().unwrap()), expected);
    }
}

#[tokio::test]
async fn a_stream_that_panics_when_it_is_dropped_ends_as_one_that_panics() {
    let (clients, _heard) = fragile().await;
    for client in clients {
        let users = client.list_users(GetUserRequest { user_id: "drop".into() }).await.unwrap().into_inner();
        check("dropped at its end", collect(users).await.1);
        assert!(client.get_user(GetUserRequest { user_id: "7".into() }).await.is_ok());
    }
}

#[tokio::test]
async fn a_payload_that_panics_when_it_is_dropped_changes_nothing() {
    let (clients, _heard) = fragile().await;
    for client in clients {
        check("a payload", client.get_user(GetUserRequest { user_id: "a payload".into() }).await);
        assert!(client.get_user(GetUserRequest { user_id: "7".into() }).await.is_ok());
    }
}

/// A call that is dropped before its end: by the client, by its deadline, or by that of the server.
#[tokio::test(start_paused = true)]
async fn a_handler_that_panics_when_it_is_dropped_ends_as_any_other_and_unwinds_no_further() {
    let (heard, report) = unbounded_channel();
    let server = UserServiceServer::new(Fragile).timeout(Duration::from_secs(5)).on_panic(move |panic| {
        let _ = heard.send(panic.method().unwrap().name());
    });
    let mut report = report;
    for channel in [piped(server.clone()), Channel::new(server)] {
        let client = UserServiceClient::new(channel);
        let of = || GetUserRequest { user_id: "in vain".into() };
        let late = |status: Status| assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
        late(client.get_user(of()).await.unwrap_err());
        assert_eq!(report.recv().await, Some("GetUser"));
        late(client.get_user(of()).timeout(Duration::from_secs(1)).await.unwrap_err());
        assert_eq!(report.recv().await, Some("GetUser"));
        assert!(tokio::time::timeout(Duration::from_secs(1), client.get_user(of()).into_future()).await.is_err());
        assert_eq!(report.recv().await, Some("GetUser"));

        late(collect(client.list_users(of()).await.unwrap().into_inner()).await.1.unwrap_err());
        assert_eq!(report.recv().await, Some("ListUsers"));
        let call = client.list_users(of()).timeout(Duration::from_secs(1));
        late(collect(call.await.unwrap().into_inner()).await.1.unwrap_err());
        assert_eq!(report.recv().await, Some("ListUsers"));
        drop(client.list_users(of()).await.unwrap());
        assert_eq!(report.recv().await, Some("ListUsers"));

        assert!(client.get_user(GetUserRequest { user_id: "7".into() }).await.is_ok());
    }
}

/// Has a task send the responses.
struct Delegates;

impl UserService for Delegates {
    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        let (mut users, outgoing) = streaming::channel();
        tokio::spawn(async move {
            users.send(user("a", 0)).await?;
            assert!(request.get_ref().user_id != "panic", "{SECRET}");
            users.finish();
            Ok::<_, Status>(())
        });
        Ok(Response::new(Streaming::from(outgoing)))
    }
}

#[tokio::test]
async fn a_task_that_panics_does_not_end_its_stream_of_responses_with_ok() {
    let server = UserServiceServer::new(Delegates);
    for channel in [loopback(server.clone()).await, Channel::new(server)] {
        let client = UserServiceClient::new(channel);
        for (id, expected) in [("panic", Code::Cancelled), ("finish", Code::Ok)] {
            let users = client.list_users(GetUserRequest { user_id: id.into() }).await.unwrap().into_inner();
            let (n, end) = collect(users).await;
            assert_eq!((n, end.map_or_else(|status| status.code(), |()| Code::Ok)), (1, expected));
        }
    }
}

#[tokio::test]
async fn the_panic_of_an_interceptor_ends_one_call_and_names_it() {
    let of_tonic = |request: Request<()>| match request.metadata().get("panic") {
        Some(_) => panic!("{SECRET}"),
        None => Ok(request),
    };
    let own = from_fn(async |head: Head, next: Next| match head.metadata.get("panic") {
        Some(_) => panic!("{SECRET}"),
        None => next.run(head).await,
    });
    let origins = Arc::new(Mutex::new(Vec::new()));
    let server = || {
        let origins = origins.clone();
        UserServiceServer::new(Fragile).on_panic(move |panic| origins.lock().unwrap().push(panic.origin()))
    };
    for server in [server().with_interceptor(of_tonic), server().intercept(own)] {
        for channel in [loopback(server.clone()).await, Channel::new(server)] {
            let client = UserServiceClient::new(channel);
            let call = client.get_user(GetUserRequest::default()).metadata("panic", "1");
            check_text("intercepted", call.await, BY_INTERCEPTOR);
            check("behind it", client.get_user(GetUserRequest { user_id: "at once".into() }).await);
            let expected = [PanicOrigin::Interceptor, PanicOrigin::Handler];
            assert_eq!(std::mem::take(&mut *origins.lock().unwrap()), expected);
            assert!(client.get_user(GetUserRequest { user_id: "7".into() }).await.is_ok());
        }
    }
}

#[tokio::test]
async fn the_panic_of_a_stream_that_an_interceptor_made_is_that_of_an_interceptor() {
    let late = from_fn(async |head: Head, next: Next| {
        let replaced = |messages: Messages| Messages::from_encoded(messages.into_encoded().map(|_| panic!("{SECRET}")));
        Ok(next.run(head).await?.map(replaced))
    });
    let server = UserServiceServer::new(Fragile).intercept(late);
    for channel in [loopback(server.clone()).await, Channel::new(server)] {
        let users = UserServiceClient::new(channel).list_users(GetUserRequest { user_id: "later".into() }).await;
        check_text("a stream of an interceptor", collect(users.unwrap().into_inner()).await.1, BY_INTERCEPTOR);
    }
}

/// A tower service that no generated code is part of.
#[derive(Clone)]
struct Foreign;

impl Service<http::Request<Body>> for Foreign {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        panic!("{SECRET}")
    }
}

#[tokio::test]
async fn the_panic_of_a_service_or_an_interceptor_in_a_layer_names_it_to_the_interceptors_around() {
    let panics = from_fn(async |head: Head, next: Next| match head.metadata.get("panic") {
        Some(_) => panic!("{SECRET}"),
        None => next.run(head).await,
    });
    let ends = Heard::default();
    let told = ends.clone();
    let hears = from_fn(move |head: Head, next: Next| {
        let told = told.clone();
        next.run(head).on_end(move |status| told.lock().unwrap().push(status.message().to_owned()))
    });
    let layered = intercept::layer(Chain::new().with(hears).with(panics)).layer(Foreign);
    let client = UserServiceClient::new(Channel::new(layered));
    let call = client.get_user(GetUserRequest::default());
    check_text("an interceptor", call.metadata("panic", "1").await, BY_INTERCEPTOR);
    let call = client.get_user(GetUserRequest::default());
    check_text("the service", call.await, "the service of the call panicked");
    assert_eq!(*ends.lock().unwrap(), [BY_INTERCEPTOR, "the service of the call panicked"]);
}
