//! Tells servers to end while calls are running; prints how long that takes, beside tonic's server.

#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../tests/proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;

use std::error::Error;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rgrpc::health::{HealthServer, serving};
use rgrpc::tonic::transport;
use rgrpc::tonic::transport::server::TcpIncoming;
use rgrpc::{Channel, Code, Request, Response, ServerStream, Status};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use user_v1::user_service_client::UserServiceClient;
use user_v1::user_service_methods::SERVICE;
use user_v1::user_service_server::{UserService, UserServiceServer};
use user_v1::{GetUserRequest, User};

const DEADLINE: Duration = Duration::from_millis(700);

/// How long an observer waits for a server to end.
const PATIENCE: Duration = Duration::from_secs(3);

struct Users;

impl UserService for Users {
    async fn get_user(&self, _: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        sleep(Duration::from_millis(300)).await;
        Ok(Response::new(User::default()))
    }

    async fn list_users(&self, _: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(tokio_stream::pending::<Result<User, Status>>()))
    }
}

type Failure = Box<dyn Error + Send + Sync>;

/// A server that ends when it is told to.
type Started = (SocketAddr, oneshot::Sender<()>, JoinHandle<()>);

async fn ours() -> Result<Started, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let (address, (shutdown, told)) = (listener.local_addr()?, oneshot::channel());
    let server = rgrpc::serve(listener).service(UserServiceServer::new(Users)).health().drain(DEADLINE).bind().await?;
    let ended = tokio::spawn(async {
        server.until(async { _ = told.await }).await;
    });
    Ok((address, shutdown, ended))
}

async fn tonics() -> Result<Started, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let (address, (shutdown, told)) = (listener.local_addr()?, oneshot::channel());
    let (_, health): (_, HealthServer<_>) = serving(&[SERVICE]).await;
    let server = transport::Server::builder().add_service(UserServiceServer::new(Users)).add_service(health);
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let ended = tokio::spawn(async {
        let _ = server.serve_with_incoming_shutdown(incoming, async { _ = told.await }).await;
    });
    Ok((address, shutdown, ended))
}

/// The calls that are running when the server is told to end.
#[derive(Clone, Copy)]
struct Open {
    stream: bool,
    watch: bool,
}

/// How long the server takes to end, and what becomes of the calls.
async fn observe((address, shutdown, ended): Started, open: Open) -> Result<String, Failure> {
    let channel = Channel::connect(format!("http://{address}")).await?;
    let users = UserServiceClient::new(channel.clone());
    let call = tokio::spawn(users.get_user(GetUserRequest::default()).into_future());
    let mut stream = None;
    if open.stream {
        stream = Some(users.list_users(GetUserRequest::default()).await?.into_inner());
    }
    let mut watch = None;
    if open.watch {
        let asked = HealthCheckRequest { service: SERVICE.name().into() };
        let mut statuses = HealthClient::new(channel.transport()).watch(asked).await?.into_inner();
        statuses.message().await?;
        watch = Some(statuses);
    }
    let start = Instant::now();
    let _ = shutdown.send(());
    let mut said = Vec::new();
    let is_over = timeout(PATIENCE, ended).await.is_ok();
    said.push(if is_over { format!("{} ms", start.elapsed().as_millis()) } else { "never".to_owned() });
    said.push(call.await?.map_or_else(|status| format!("{:?}", status.code()), |_| "ok".to_owned()));
    if let Some(mut stream) = stream {
        let end = timeout(Duration::from_millis(100), stream.message()).await;
        said.push(end.map_or("still open".to_owned(), |end| format!("{:?}", end.err().map_or(Code::Ok, |e| e.code()))));
    }
    if let Some(mut watch) = watch {
        let heard = timeout(Duration::from_millis(100), watch.message()).await;
        let is_not_serving =
            |heard: Option<tonic_health::pb::HealthCheckResponse>| heard.is_some_and(|heard| heard.status == 2);
        said.push(match heard {
            Ok(Ok(heard)) if is_not_serving(heard) => "NOT_SERVING".to_owned(),
            _ => "nothing".to_owned(),
        });
    }
    Ok(said.join(", "))
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    println!("| running | `rgrpc::serve`: ends after, call, stream, watch | tonic's `Server` |\n|---|---|---|");
    for (what, stream, watch) in [
        ("a call of 300 ms", false, false),
        ("and an endless stream", true, false),
        ("and a health watch", false, true),
        ("and both", true, true),
    ] {
        let open = Open { stream, watch };
        println!("| {what} | {} | {} |", observe(ours().await?, open).await?, observe(tonics().await?, open).await?);
    }
    Ok(())
}
