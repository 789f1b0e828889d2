//! The generated code of a service, an implementation of it, and clients.
#![allow(dead_code, unused_imports)]

#[allow(clippy::all, clippy::pedantic, missing_docs)]
#[path = "../proto/user.v1.rs"]
#[rustfmt::skip]
pub mod user_v1;

#[cfg(feature = "transport")]
pub mod kinds;
#[cfg(feature = "transport")]
mod network;
#[cfg(feature = "transport")]
pub mod peer;
#[cfg(feature = "transport")]
mod pipe;
#[cfg(feature = "transport")]
pub mod scripted;

use std::future::pending;
use std::pin::Pin;
use std::time::Duration;

use rgrpc::{Deadline, Request, Response, ServerStream, Status, Streaming};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_stream::{Stream, StreamExt};

use user_v1::user_service_client::UserServiceClient;
use user_v1::user_service_server::UserService;
use user_v1::{GetUserRequest, User};

#[cfg(feature = "transport")]
pub use network::{both, loopback, loopback_address, plain, serve};
#[cfg(feature = "transport")]
pub use pipe::piped;

/// Makes a call of each kind to [`Users`].
pub async fn check_each_kind(client: &UserServiceClient) {
    assert_eq!(client.get_user(request("7")).await.unwrap().get_ref().id, "7");
    let mut users = client.list_users(request("7")).await.unwrap().into_inner();
    assert_eq!(users.message().await.unwrap(), Some(user("7", 0)));
    let sum = client.create_users(tokio_stream::iter([user("a", 1), user("b", 2)])).await.unwrap();
    assert_eq!(sum.get_ref().n, 3);
    let mut users = client.chat(tokio_stream::iter([user("a", 1)])).await.unwrap().into_inner();
    assert_eq!(users.message().await.unwrap(), Some(user("a", 2)));
}

/// Answers by the id it is asked for, and reports what happens to its handlers.
pub struct Users {
    events: UnboundedSender<&'static str>,
}

/// The fates of the handlers of a [`Users`].
pub struct Events(UnboundedReceiver<&'static str>);

impl Events {
    /// The next event, which is to come soon.
    pub async fn next(&mut self) -> &'static str {
        tokio::time::timeout(Duration::from_secs(10), self.0.recv())
            .await
            .expect("nothing happened")
            .expect("no server")
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reports its drop.
struct Running(&'static str, UnboundedSender<&'static str>);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.1.send(self.0);
    }
}

impl Users {
    pub fn new() -> (Self, Events) {
        let (events, receiver) = unbounded_channel();
        (Self { events }, Events(receiver))
    }

    fn start(&self, start: &'static str, end: &'static str) -> Running {
        let _ = self.events.send(start);
        Running(end, self.events.clone())
    }
}

type Users3 = Pin<Box<dyn Stream<Item = Result<User, Status>> + Send>>;

impl UserService for Users {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        let running = self.start("get_user", "get_user dropped");
        let n = Deadline::of(request.extensions())
            .map_or(-1, |deadline| deadline.remaining().as_millis().try_into().unwrap_or(i32::MAX));
        let metadata = request.metadata().clone();
        match request.into_inner().user_id.as_str() {
            "hang" => {
                pending::<()>().await;
                drop(running);
                unreachable!()
            }
            "" => Err(Status::not_found("no such user")),
            "metadata" => {
                let mut response = Response::new(User { id: format!("{metadata:?}"), n });
                *response.metadata_mut() = metadata;
                response.metadata_mut().remove("grpc-encoding");
                Ok(response)
            }
            id => match id.strip_prefix("length ") {
                Some(length) => Ok(Response::new(User { id: "x".repeat(length.parse().unwrap()), n })),
                None => Ok(Response::new(user(id, n))),
            },
        }
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        let running = self.start("list_users", "list_users dropped");
        let users: Users3 = match request.into_inner().user_id.as_str() {
            "none" => Box::pin(tokio_stream::empty()),
            "hang" => {
                let first = tokio_stream::once(Ok(user("hang", 0)));
                Box::pin(first.chain(tokio_stream::pending().map(move |()| Ok(user(running.0, 1)))))
            }
            "endless" => Box::pin(tokio_stream::iter(0..).map(move |n| Ok(user(running.0, n)))),
            "fail" => Box::pin(tokio_stream::iter([Ok(user("a", 0)), Err(Status::data_loss("gone"))])),
            "grow" => Box::pin(tokio_stream::iter([Ok(user("a", 0)), Ok(user(&"x".repeat(1000), 1))])),
            id => {
                let id = id.to_owned();
                Box::pin(tokio_stream::iter((0..3).map(move |n| Ok(user(&id, n)))))
            }
        };
        Ok(Response::new(users))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let _running = self.start("create_users", "create_users dropped");
        let mut users = request.into_inner();
        let mut sum = user("sum", 0);
        while let Some(user) = users.message().await? {
            sum.n += user.n;
        }
        let _ = self.events.send("create_users finished");
        Ok(Response::new(sum))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        let running = self.start("chat", "chat dropped");
        Ok(Response::new(request.into_inner().map(move |user| {
            let _ = &running;
            user.map(|user| User { n: user.n * 2, ..user })
        })))
    }
}

pub fn user(id: &str, n: i32) -> User {
    User { id: id.into(), n }
}

pub fn request(id: &str) -> GetUserRequest {
    GetUserRequest { user_id: id.into() }
}
