//! Checks that no call fails while servers are replaced one after another.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rgrpc::balance::Address;
use rgrpc::serve::Ended;
use rgrpc::service_config::{LoadBalancing, MethodConfig, RetryPolicy, ServiceConfig};
use rgrpc::{Channel, Code};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_server::UserServiceServer;
use crate::world::{Users, ask};

struct Server {
    address: SocketAddr,
    shutdown: oneshot::Sender<()>,
    ended: JoinHandle<Ended>,
}

impl Server {
    async fn start(address: SocketAddr) -> Self {
        let server = rgrpc::serve(address).service(UserServiceServer::new(Users)).bind().await.unwrap();
        let Address::Tcp(address) = server.addresses()[0] else { panic!("no port") };
        let (shutdown, told) = oneshot::channel();
        let ended = tokio::spawn(server.until(async { told.await.unwrap() }));
        Self { address, shutdown, ended }
    }

    async fn stop(self) -> Ended {
        self.shutdown.send(()).unwrap();
        self.ended.await.unwrap()
    }
}

/// Replaces each of three servers twice, while 32 callers call; gives how many calls were made.
async fn replace_all(policy: Option<RetryPolicy>) -> usize {
    let mut servers = Vec::new();
    for _ in 0..3 {
        servers.push(Server::start(([127, 0, 0, 1], 0).into()).await);
    }
    let names: Vec<_> = servers.iter().map(|server| server.address.to_string()).collect();
    let target = Channel::target(&format!("ipv4:{}", names.join(","))).load_balancing(LoadBalancing::RoundRobin);
    let target = target.connection_backoff(Duration::from_millis(20), Duration::from_millis(100));
    let target = match policy {
        Some(policy) => target.service_config(ServiceConfig::new().for_all(MethodConfig::new().with_retries(policy))),
        None => target,
    };
    let client = UserServiceClient::new(target.channel().unwrap());
    let (calls, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let mut callers = JoinSet::new();
    for _ in 0..32 {
        let (client, calls, over) = (client.clone(), calls.clone(), over.clone());
        callers.spawn(async move {
            while !over.load(Ordering::Relaxed) {
                client.get_user(ask("")).await.unwrap();
                calls.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    for _ in 0..2 {
        for server in &mut servers {
            sleep(Duration::from_millis(200)).await;
            let address = server.address;
            let old = std::mem::replace(
                server,
                Server { address, shutdown: oneshot::channel().0, ended: tokio::spawn(async { Ended::Drained }) },
            );
            assert_eq!(old.stop().await, Ended::Drained);
            sleep(Duration::from_millis(100)).await;
            *server = Server::start(address).await;
        }
    }
    over.store(true, Ordering::Relaxed);
    callers.join_all().await;
    calls.load(Ordering::Relaxed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_fails_no_call_with_a_policy() {
    let policy = RetryPolicy::new(4, [Code::Unavailable]).with_backoff(
        Duration::from_millis(10),
        Duration::from_millis(100),
        2.0,
    );
    assert!(replace_all(Some(policy)).await > 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_racing_the_goaway_is_sent_elsewhere_without_a_policy() {
    assert!(replace_all(None).await > 100);
}
