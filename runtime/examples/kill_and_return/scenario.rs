//! Three servers on sockets, under load; one dies and returns.

use crate::user_v1::{
    GetUserRequest, User,
    user_service_client::UserServiceClient,
    user_service_server::{UserService, UserServiceServer},
};
use rgrpc::{
    Channel, Request, Response, ServerStream, Status, Streaming,
    service_config::{LoadBalancing, MethodConfig, RetryPolicy, ServiceConfig},
    tonic::transport::{Server, server::TcpIncoming},
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    task::JoinSet,
};

/// How many calls each server answered, by port, and how many failed with each status.
#[derive(Debug, Default)]
pub struct Phase {
    pub answered: BTreeMap<u16, usize>,
    pub failed: BTreeMap<String, usize>,
}

struct Named(u16);

impl UserService for Named {
    async fn get_user(&self, _: Request<GetUserRequest>) -> Result<Response<User>, Status> {
        tokio::time::sleep(Duration::from_millis(2)).await;
        Ok(Response::new(User { id: String::new(), n: self.0.into() }))
    }

    async fn list_users(&self, _: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
        Ok(Response::new(Streaming::from(Vec::new())))
    }
}

/// A server with a runtime of its own, with which all of its sockets close at once.
struct Process {
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Process {
    fn start(address: SocketAddr) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let listening = runtime.spawn(async move {
            let listener = TcpListener::bind(address).await.expect("the address is free");
            let address = listener.local_addr().expect("an address");
            let server = Server::builder().add_service(UserServiceServer::new(Named(address.port())));
            tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true))));
            address
        });
        let address = std::thread::scope(|scope| {
            scope.spawn(|| runtime.block_on(listening).expect("the server starts")).join().expect("the server starts")
        });
        Self { address, runtime: Some(runtime) }
    }

    fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn load(client: &UserServiceClient, callers: usize, time: Duration) -> Phase {
    let end = Instant::now() + time;
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let client = client.clone();
        tasks.spawn(async move {
            let mut phase = Phase::default();
            while Instant::now() < end {
                match client.get_user(GetUserRequest::default()).timeout(Duration::from_secs(5)).await {
                    Ok(user) => {
                        let port = u16::try_from(user.into_inner().n).unwrap_or_default();
                        *phase.answered.entry(port).or_default() += 1;
                    }
                    Err(status) => {
                        *phase.failed.entry(format!("{:?}", status.code())).or_default() += 1;
                        tokio::time::sleep(Duration::from_millis(2)).await;
                    }
                }
            }
            phase
        });
    }
    let mut sum = Phase::default();
    for phase in tasks.join_all().await {
        phase.answered.into_iter().for_each(|(port, n)| *sum.answered.entry(port).or_default() += n);
        phase.failed.into_iter().for_each(|(code, n)| *sum.failed.entry(code).or_default() += n);
    }
    sum
}

/// Runs the scenario: all up, one killed, still dead, back.
pub async fn run(callers: usize, time: Duration, channel: impl FnOnce(&[SocketAddr]) -> Channel) -> [Phase; 4] {
    let mut processes: Vec<_> = (0..3).map(|_| Process::start(([127, 0, 0, 1], 0).into())).collect();
    let addresses: Vec<_> = processes.iter().map(|process| process.address).collect();
    let client = UserServiceClient::new(channel(&addresses));
    let up = load(&client, callers, time).await;
    let killed = tokio::spawn({
        let client = client.clone();
        async move { load(&client, callers, time).await }
    });
    tokio::time::sleep(time / 4).await;
    processes[1].kill();
    let killed = killed.await.expect("the load runs");
    let dead = load(&client, callers, time).await;
    processes[1] = Process::start(addresses[1]);
    let back = load(&client, callers, time).await;
    [up, killed, dead, back]
}

/// A channel of ours over `addresses`, with a retry policy or without.
pub fn ours(addresses: &[SocketAddr], policy: Option<RetryPolicy>) -> Channel {
    let names: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    let target = Channel::target(&format!("ipv4:{}", names.join(","))).expect("addresses are names");
    let target = target
        .load_balancing(LoadBalancing::RoundRobin)
        .connection_backoff(Duration::from_millis(100), Duration::from_secs(2));
    match policy {
        Some(policy) => target.service_config(ServiceConfig::new().for_all(MethodConfig::new().with_retries(policy))),
        None => target,
    }
    .channel()
}

/// Retries what is unavailable.
pub fn policy() -> RetryPolicy {
    let policy = RetryPolicy::new(4, [rgrpc::Code::Unavailable]);
    policy.with_backoff(Duration::from_millis(10), Duration::from_millis(100), 2.0)
}
