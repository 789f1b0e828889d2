//! The program that `.ci/hostile` attacks: `attacked serve` prints its address and serves until its input ends; `attacked call PORT` makes a call of
//! each kind over each kind of channel, and prints the codes that they end with.

#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../../tests/proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;

use std::env;
use std::error::Error;
use std::io::Read;
use std::time::Duration;

use rgrpc::CompressionEncoding::Gzip;
use rgrpc::serve::serve;
use rgrpc::{Channel, Code, Request, Response, ServerStream, Status, Streaming};

use user_v1::user_service_client::UserServiceClient;
use user_v1::user_service_server::{UserService, UserServiceServer};
use user_v1::{GetUserRequest, User};

/// Gives small answers, and streams without an end.
struct Users;

const LARGE: usize = 64 * 1024;

impl UserService for Users {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        Ok(Response::new(User { id: request.into_inner().user_id, n: 1 }))
    }

    async fn list_users(&self, _: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(tokio_stream::iter((0..).map(|n| Ok(User { id: "x".repeat(LARGE), n })))))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let mut users = request.into_inner();
        let mut n = 0;
        while users.message().await?.is_some() {
            n += 1;
        }
        Ok(Response::new(User { id: "sum".into(), n }))
    }

    async fn chat(&self, request: Request<Streaming<User>>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<_> = env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => listen().await,
        ["call", port] => call(port).await,
        _ => Err("usage: attacked serve | attacked call PORT".into()),
    }
}

/// Serves by the defaults, but for the time to begin, which the attacker would have to wait for.
async fn listen() -> Result<(), Box<dyn Error>> {
    let users = UserServiceServer::new(Users).accept_compressed(Gzip);
    let server = serve("127.0.0.1:0").service(users).handshake_timeout(Duration::from_secs(2)).drain(Duration::ZERO);
    let listening = server.bind().await?;
    println!("{}", listening.addresses()[0]);
    let input_ends = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    listening.until(async { drop(input_ends.await) }).await;
    Ok(())
}

async fn call(port: &str) -> Result<(), Box<dyn Error>> {
    let uri = format!("http://127.0.0.1:{port}");
    for channel in [Channel::connect(uri.clone()).lazy()?, Channel::target(&uri).channel()?] {
        call_all(channel.timeout(Duration::from_secs(2)).accept_compressed(Gzip)).await;
    }
    Ok(())
}

async fn call_all(channel: Channel) {
    let client = UserServiceClient::new(channel);
    let code = |outcome: Result<(), Status>| outcome.map_or_else(|status| status.code(), |()| Code::Ok);
    println!("{:?}", code(client.get_user(GetUserRequest::default()).await.map(drop)));
    println!("{:?}", code(read(client.list_users(GetUserRequest::default()).await).await));
    println!("{:?}", code(client.create_users(tokio_stream::iter([User::default()])).await.map(drop)));
    println!("{:?}", code(read(client.chat(tokio_stream::iter([User::default()])).await).await));
}

async fn read(responses: Result<Response<Streaming<User>>, Status>) -> Result<(), Status> {
    let mut responses = responses?.into_inner();
    while responses.message().await?.is_some() {}
    Ok(())
}
