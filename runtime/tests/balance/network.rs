//! A network in memory, whose servers can be stopped, hang, or speak another protocol.

use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use rgrpc::balance::{Address, Connector, Target};
use rgrpc::tonic::service::Routes;
use rgrpc::{Code, Request, Response, ServerStream, Status, Streaming};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt};
use tonic_health::pb::health_server::{Health as HealthService, HealthServer};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::*;
use crate::user_v1::{GetUserRequest, User};

/// A host's treatment of those who connect.
#[derive(Clone, Copy, PartialEq)]
pub enum Host {
    /// It serves.
    Up,
    /// It refuses them.
    Down,
    /// It lets them wait.
    Hangs,
    /// It accepts them, and says nothing.
    Silent,
    /// It answers in HTTP/1.
    Http1,
}

#[derive(Default)]
struct State {
    hosts: BTreeMap<u16, Host>,
    connections: BTreeMap<u16, JoinSet<()>>,
    attempts: Vec<(u16, Instant)>,
    delay: BTreeMap<u16, Duration>,
    orders: BTreeMap<u16, watch::Sender<Order>>,
    health: BTreeMap<u16, watch::Sender<Health>>,
    /// The services that were asked for, and when.
    watches: Vec<(u16, String, Instant)>,
    failing: BTreeSet<u16>,
    /// The streams of responses that wait, by host, until they are released.
    waiting: BTreeMap<u16, usize>,
    released: watch::Sender<bool>,
    /// The most calls that a connection may have at a time.
    max_streams: Option<u32>,
    /// The outcomes of the uploads: how many messages, or the code of their failure.
    uploads: Vec<Result<i32, Code>>,
}

/// A host's answer about its health.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Health {
    /// The number of gRPC's `ServingStatus`.
    Is(i32),
    /// It has no health service.
    Unimplemented,
    /// Asking fails.
    Broken,
    /// It does not answer.
    Late,
}

pub const SERVING: Health = Health::Is(1);
pub const NOT_SERVING: Health = Health::Is(2);

/// The behaviour of a host's connections.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Serve,
    /// Say that they are about to close, and finish the running calls.
    Drain,
    /// Stop reading and writing.
    Freeze,
}

/// The network; hosts are known by their ports.
#[derive(Clone, Default)]
pub struct Network(Arc<Mutex<State>>);

pub fn address(port: u16) -> SocketAddr {
    ([10, 0, 0, 1], port).into()
}

impl Network {
    pub fn new(hosts: impl IntoIterator<Item = (u16, Host)>) -> Self {
        let network = Self::default();
        for (port, host) in hosts {
            network.set(port, host);
        }
        network
    }

    /// Changes a host. One that is no longer up loses its connections.
    pub fn set(&self, port: u16, host: Host) {
        let mut state = self.0.lock().unwrap();
        state.hosts.insert(port, host);
        if host != Host::Up {
            state.connections.remove(&port);
        }
    }

    /// Has the connections of a host end as in a graceful shutdown.
    pub fn drain(&self, port: u16) {
        self.order(port, Order::Drain);
    }

    /// Has the connections of a host stand still, as when a cable is cut.
    pub fn freeze(&self, port: u16) {
        self.order(port, Order::Freeze);
    }

    fn order(&self, port: u16, order: Order) {
        let old = self.0.lock().unwrap().orders.insert(port, watch::channel(Order::Serve).0);
        if let Some(old) = old {
            old.send_replace(order);
        }
    }

    /// Has a host answer all calls with its port as the message of a failure.
    pub fn set_failing(&self, port: u16, failing: bool) {
        let ports = &mut self.0.lock().unwrap().failing;
        if failing {
            ports.insert(port)
        } else {
            ports.remove(&port)
        };
    }

    /// Changes what a host says of its health; it is healthy at first.
    pub fn set_health(&self, port: u16, health: Health) {
        let mut state = self.0.lock().unwrap();
        state.health.entry(port).or_insert_with(|| watch::channel(SERVING).0).send_replace(health);
    }

    /// The services of a host that were asked for, and when, counted from `start`.
    pub fn watches(&self, port: u16, start: Instant) -> Vec<(String, Duration)> {
        let state = self.0.lock().unwrap();
        state.watches.iter().filter(|watch| watch.0 == port).map(|(_, name, at)| (name.clone(), *at - start)).collect()
    }

    /// The streams of responses that have sent their first message and wait with the last, by host.
    pub fn waiting_streams(&self) -> BTreeMap<u16, usize> {
        self.0.lock().unwrap().waiting.clone()
    }

    /// Has the streams of responses that wait go on.
    pub fn release_streams(&self) {
        self.0.lock().unwrap().released.send_replace(true);
    }

    /// Has the connections that follow take so many calls at a time.
    pub fn limit_streams(&self, most: u32) {
        self.0.lock().unwrap().max_streams = Some(most);
    }

    /// The outcomes of the uploads so far: how many messages, or the code of their failure.
    pub fn uploads(&self) -> Vec<Result<i32, Code>> {
        self.0.lock().unwrap().uploads.clone()
    }

    /// Makes connecting to a host take a while.
    pub fn delay(&self, port: u16, delay: Duration) {
        self.0.lock().unwrap().delay.insert(port, delay);
    }

    /// The connections that a host has.
    pub fn connections(&self, port: u16) -> usize {
        let mut state = self.0.lock().unwrap();
        state.connections.get_mut(&port).map_or(0, |connections| {
            while connections.try_join_next().is_some() {}
            connections.len()
        })
    }

    /// The hosts that were connected to so far, and when, counted from `start`.
    pub fn attempts(&self, start: Instant) -> Vec<(u16, Duration)> {
        self.0.lock().unwrap().attempts.iter().map(|(port, at)| (*port, *at - start)).collect()
    }

    pub fn client(&self, target: Target) -> UserServiceClient {
        UserServiceClient::new(target.connect_by(self.clone()).channel().unwrap())
    }
}

impl Connector for Network {
    type Io = DuplexStream;

    async fn connect(&self, address: &Address) -> io::Result<DuplexStream> {
        let Address::Tcp(address) = address else { return Err(io::Error::other("not in this network")) };
        let port = address.port();
        let (host, delay) = {
            let mut state = self.0.lock().unwrap();
            state.attempts.push((port, Instant::now()));
            (state.hosts.get(&port).copied().unwrap_or(Host::Down), state.delay.get(&port).copied())
        };
        if let Some(delay) = delay {
            sleep(delay).await;
        }
        let (client, mut server) = tokio::io::duplex(64 * 1024);
        match host {
            Host::Down => return Err(io::ErrorKind::ConnectionRefused.into()),
            Host::Hangs => pending().await,
            Host::Silent => {
                tokio::spawn(async move {
                    let _server = server;
                    pending::<()>().await;
                });
            }
            Host::Http1 => {
                tokio::spawn(async move {
                    let mut request = [0; 16];
                    server.read_exact(&mut request).await.unwrap();
                    server.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
                });
            }
            Host::Up => {
                let mut state = self.0.lock().unwrap();
                let orders = state.orders.entry(port).or_insert_with(|| watch::channel(Order::Serve).0).subscribe();
                state.connections.entry(port).or_default().spawn(serve(
                    server,
                    Watched { port, network: self.clone() },
                    orders,
                ));
            }
        }
        Ok(client)
    }
}

async fn serve(io: DuplexStream, health: Watched, mut orders: watch::Receiver<Order>) {
    let max_streams = health.network.0.lock().unwrap().max_streams;
    let routes = Routes::new(UserServiceServer::new(Named(health.port, health.network.clone())))
        .add_service(HealthServer::new(health));
    let service = TowerToHyperService::new(routes.prepare());
    let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    builder.max_concurrent_streams(max_streams);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(io), service));
    loop {
        tokio::select! {
            _ = connection.as_mut() => return,
            Ok(()) = orders.changed() => match *orders.borrow_and_update() {
                Order::Serve => {}
                Order::Drain => connection.as_mut().graceful_shutdown(),
                Order::Freeze => break,
            }
        }
    }
    pending::<()>().await;
}

/// Says how the host is.
struct Watched {
    port: u16,
    network: Network,
}

#[rgrpc::tonic::async_trait]
impl HealthService for Watched {
    async fn check(&self, _: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        Err(Status::unimplemented("only watched"))
    }

    type WatchStream = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        let health = {
            let mut state = self.network.0.lock().unwrap();
            state.watches.push((self.port, request.into_inner().service, Instant::now()));
            state.health.entry(self.port).or_insert_with(|| watch::channel(SERVING).0).subscribe()
        };
        let now = *health.borrow();
        match now {
            Health::Unimplemented => return Err(Status::unimplemented("no health")),
            Health::Broken => return Err(Status::internal("broken")),
            Health::Is(_) | Health::Late => {}
        }
        let statuses = WatchStream::new(health).filter_map(|health| match health {
            Health::Is(status) => Some(Ok(HealthCheckResponse { status })),
            Health::Late => None,
            Health::Unimplemented | Health::Broken => Some(Err(Status::internal("broken"))),
        });
        Ok(Response::new(Box::pin(statuses)))
    }
}

/// Says which port it has.
struct Named(u16, Network);

impl Named {
    /// The status of a host that fails.
    fn fail(&self) -> Result<(), Status> {
        let failing = self.1.0.lock().unwrap().failing.contains(&self.0);
        if failing { Err(Status::internal(self.0.to_string())) } else { Ok(()) }
    }
}

impl UserService for Named {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        self.fail()?;
        match request.into_inner().user_id.as_str() {
            "slow" => sleep(Duration::from_secs(10)).await,
            "hang" => pending().await,
            _ => {}
        }
        Ok(Response::new(User { id: self.0.to_string(), n: 0 }))
    }

    async fn create_users(&self, request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
        let (mut users, mut n) = (request.into_inner(), 0);
        let outcome = loop {
            match users.message().await {
                Ok(Some(_)) => n += 1,
                Ok(None) => break Ok(n),
                Err(status) => break Err(status),
            }
        };
        let upload = outcome.as_ref().copied().map_err(Status::code);
        self.1.0.lock().unwrap().uploads.push(upload);
        outcome.map(|n| Response::new(User { id: self.0.to_string(), n }))
    }

    async fn list_users(&self, request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        let Self(port, network) = self;
        let user = User { id: port.to_string(), n: 0 };
        let last = self.fail().map(|()| user.clone());
        let waits = request.into_inner().user_id == "wait";
        let mut state = network.0.lock().unwrap();
        let released = state.released.subscribe();
        if waits {
            *state.waiting.entry(*port).or_default() += 1;
        }
        let last = tokio_stream::once(last).then(move |last| {
            let mut released = released.clone();
            async move {
                if waits {
                    released.wait_for(|released| *released).await.unwrap();
                }
                last
            }
        });
        Ok(Response::new(tokio_stream::once(Ok(user)).chain(last)))
    }
}

/// Calls once; gives the port of the server that answered, or the status.
pub async fn call(client: &UserServiceClient) -> Result<u16, Status> {
    ask(client, "").await
}

pub async fn ask(client: &UserServiceClient, what: &str) -> Result<u16, Status> {
    let response = client.get_user(GetUserRequest { user_id: what.into() }).await?;
    Ok(response.into_inner().id.parse().unwrap())
}
