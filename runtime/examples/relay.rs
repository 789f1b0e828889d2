//! Serves `user.v1.UserService` by passing every call on to the server at the address it is given, and prints its own; for `.ci/grpcio`.

#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../tests/proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;

use std::env;
use std::error::Error;
use std::time::Duration;

use rgrpc::streaming::Outgoing;
use rgrpc::tonic::transport::Server;
use rgrpc::tonic::transport::server::TcpIncoming;
use rgrpc::{Channel, Request, Response, ServerStream, Status, Streaming};

use user_v1::user_service_client::UserServiceClient;
use user_v1::user_service_server::{UserService, UserServiceServer};
use user_v1::{GetUserRequest, User};

/// Longer than any caller waits.
const HOUR: Duration = Duration::from_secs(60 * 60);

struct Relay(UserServiceClient);

impl UserService for Relay {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        self.0.get_user(request.into_inner()).timeout(HOUR).await
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        self.0.list_users(request.into_inner()).timeout(HOUR).await
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        self.0.create_users(Outgoing::from_results(request.into_inner())).timeout(HOUR).await
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        self.0.chat(Outgoing::from_results(request.into_inner())).timeout(HOUR).await
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let next = env::args().nth(1).ok_or("the address of the next server")?;
    let relay =
        UserServiceServer::new(Relay(UserServiceClient::new(Channel::connect(next).await?))).inherit_deadlines();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Server::builder().add_service(relay).serve_with_incoming(TcpIncoming::from(listener)).await?;
    Ok(())
}
