//! A server whose requests say how long its calls take.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rgrpc::balance::{Address, Connector};
use rgrpc::serve::Serve;
use rgrpc::{Channel, Request, Response, ServerStream, Status, Streaming};
use tokio::io::DuplexStream;
use tokio::time::sleep;
use tokio_stream::{Stream, StreamExt};

use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::{UserService, UserServiceServer};
use crate::user_v1::{GetUserRequest, User};

pub use crate::running::{Network, Running};

impl Network {
    pub fn channel(&self) -> Channel {
        Channel::target("ipv4:10.0.0.1:1").connect_by(self.clone()).channel().unwrap()
    }

    pub fn client(&self) -> UserServiceClient {
        UserServiceClient::new(self.channel())
    }
}

impl Connector for Network {
    type Io = DuplexStream;

    async fn connect(&self, _: &Address) -> io::Result<DuplexStream> {
        self.dial()
    }
}

/// Runs what `configure` makes of a server of [`Users`].
pub async fn run(configure: impl FnOnce(Serve) -> Serve) -> Running {
    Running::start(|listen| configure(rgrpc::serve(listen).service(UserServiceServer::new(Users)))).await
}

pub struct Users;

/// How many large messages were made in this process.
pub static MADE: AtomicUsize = AtomicUsize::new(0);

pub fn ask(what: &str) -> GetUserRequest {
    GetUserRequest { user_id: what.into() }
}

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

type Messages = Pin<Box<dyn Stream<Item = Result<User, Status>> + Send>>;

impl UserService for Users {
    /// Takes as many seconds as it is told to; says who calls, or something `small` or `large`.
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        let mut id = request.remote_addr().map(|address| address.to_string()).unwrap_or_default();
        match request.into_inner().user_id.as_str() {
            "small" => id = "x".repeat(1000),
            "large" => id = "x".repeat(1 << 20),
            time => sleep(seconds(time.parse().unwrap_or(0))).await,
        }
        Ok(Response::new(User { id, n: 1 }))
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        let users = tokio_stream::iter(0..).map(|n| Ok(User { id: String::new(), n }));
        let users: Messages = match request.into_inner().user_id.as_str() {
            "silent" => Box::pin(users.take(1).chain(tokio_stream::pending())),
            "slow" => Box::pin(users.throttle(seconds(1))),
            "restless" => Box::pin(users),
            "large" => Box::pin(users.take(20).map(|user| {
                MADE.fetch_add(1, Ordering::Relaxed);
                user.map(|user| User { id: "x".repeat(1 << 20), ..user })
            })),
            _ => Box::pin(users.take(3)),
        };
        Ok(Response::new(users))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let mut users = request.into_inner();
        let mut n = 0;
        while users.message().await?.is_some() {
            n += 1;
        }
        Ok(Response::new(User { id: String::new(), n }))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}
