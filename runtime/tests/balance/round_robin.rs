//! The policy `round_robin`: all connected servers take turns.

use std::collections::BTreeMap;
use std::time::Duration;

use rgrpc::balance::{Backend, Pick, Target};
use rgrpc::service_config::LoadBalancing;
use rgrpc::{Channel, Code};
use tokio::time::{Instant, sleep};

use crate::network::{Host, Network, ask, call};

fn three() -> Target {
    Channel::target("ipv4:10.0.0.1:1,10.0.0.1:2,10.0.0.1:3")
}

fn round_robin() -> Target {
    three().load_balancing(LoadBalancing::RoundRobin)
}

async fn shares(client: &crate::user_v1::user_service_client::UserServiceClient, calls: usize) -> BTreeMap<u16, usize> {
    let mut shares = BTreeMap::new();
    for _ in 0..calls {
        *shares.entry(call(client).await.unwrap()).or_default() += 1;
    }
    shares
}

#[tokio::test(start_paused = true)]
async fn round_robin_shares_evenly() {
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    let client = network.client(round_robin());
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(shares(&client, 30).await, BTreeMap::from([(1, 10), (2, 10), (3, 10)]));
}

#[tokio::test(start_paused = true)]
async fn round_robin_shares_evenly_without_the_dead_one() {
    let network = Network::new([(1, Host::Up), (2, Host::Down), (3, Host::Up)]);
    let client = network.client(round_robin());
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(shares(&client, 30).await, BTreeMap::from([(1, 15), (3, 15)]));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_dies_gets_no_calls_and_one_that_returns_gets_its_share() {
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    let client = network.client(round_robin());
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    network.set(2, Host::Down);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(shares(&client, 30).await, BTreeMap::from([(1, 15), (3, 15)]));
    network.set(2, Host::Up);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(shares(&client, 30).await, BTreeMap::from([(1, 10), (2, 10), (3, 10)]));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_drains_finishes_its_calls_and_gets_no_more() {
    let network = Network::new([(1, Host::Up), (2, Host::Up)]);
    let target = Channel::target("ipv4:10.0.0.1:1,10.0.0.1:2");
    let client = network.client(target.load_balancing(LoadBalancing::RoundRobin));
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    let running: Vec<_> = (0..2)
        .map(|_| {
            tokio::spawn({
                let client = client.clone();
                async move { ask(&client, "slow").await }
            })
        })
        .collect();
    sleep(Duration::from_millis(1)).await;
    network.drain(1);
    let mut answered = BTreeMap::new();
    for _ in 0..30 {
        *answered.entry(call(&client).await.unwrap()).or_insert(0) += 1;
    }
    assert!(answered[&2] >= 15, "{answered:?}");
    for call in running {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn calls_wait_while_connecting() {
    let network = Network::new([(1, Host::Up), (2, Host::Down), (3, Host::Down)]);
    network.delay(1, Duration::from_secs(5));
    let client = network.client(round_robin());
    let start = Instant::now();
    assert_eq!(call(&client).await.unwrap(), 1);
    assert_eq!(start.elapsed(), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn calls_fail_when_all_failed_with_the_last_error_of_each() {
    let network = Network::new([(1, Host::Down), (2, Host::Http1), (3, Host::Hangs)]);
    let client = network.client(round_robin());
    let start = Instant::now();
    let status = call(&client).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(
        status.message(),
        "no server of `ipv4:10.0.0.1:1,10.0.0.1:2,10.0.0.1:3` can be reached: 10.0.0.1:1: connection refused; \
         10.0.0.1:2: the server speaks HTTP/1, not HTTP/2; 10.0.0.1:3: no connection within 20s",
    );
    assert_eq!(start.elapsed(), Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn a_failed_channel_fails_calls_at_once() {
    let network = Network::new([]);
    let client = network.client(round_robin());
    call(&client).await.unwrap_err();
    let start = Instant::now();
    for _ in 0..100 {
        call(&client).await.unwrap_err();
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_not_ready() {
    let network = Network::new([(1, Host::Silent), (2, Host::Up)]);
    let client = network.client(round_robin());
    for _ in 0..10 {
        assert_eq!(call(&client).await.unwrap(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_listed_twice_has_one_share() {
    let network = Network::new([(1, Host::Up), (2, Host::Up)]);
    let target = Channel::target("ipv4:10.0.0.1:1,10.0.0.1:2,10.0.0.1:1");
    let client = network.client(target.load_balancing(LoadBalancing::RoundRobin));
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(shares(&client, 30).await, BTreeMap::from([(1, 15), (2, 15)]));
}

#[tokio::test(start_paused = true)]
async fn least_request_spares_the_busy_server() {
    let network = Network::new([(1, Host::Up), (2, Host::Up)]);
    let target = Channel::target("ipv4:10.0.0.1:1,10.0.0.1:2");
    let client = network.client(target.load_balancing(LoadBalancing::LeastRequest { choices: 10 }));
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    let slow = tokio::spawn({
        let client = client.clone();
        async move { ask(&client, "slow").await.unwrap() }
    });
    tokio::task::yield_now().await;
    sleep(Duration::from_millis(1)).await;
    let mut answered = Vec::new();
    for _ in 0..20 {
        answered.push(call(&client).await.unwrap());
    }
    let busy = slow.await.unwrap();
    // One in 2^10 draws misses the other server every time.
    let wrong = answered.iter().filter(|port| **port == busy).count();
    assert!(wrong <= 2, "{answered:?} with {busy} busy");
}

#[tokio::test(start_paused = true)]
async fn a_custom_policy_picks_the_server() {
    struct Last;
    impl Pick for Last {
        fn pick(&self, backends: &[Backend], request: &http::request::Parts) -> usize {
            assert_eq!(request.uri.path(), "/user.v1.UserService/GetUser");
            backends.len() - 1
        }
    }
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    let client = network.client(three().pick(Last));
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(shares(&client, 10).await, BTreeMap::from([(3, 10)]));
}
