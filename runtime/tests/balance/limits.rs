//! Limits on the concurrent calls of a server. Source: gRFC A32, on circuit breaking.

use std::collections::BTreeMap;
use std::time::Duration;

use rgrpc::service_config::{HedgingPolicy, LoadBalancing, MethodConfig, RetryPolicy, ServiceConfig};
use rgrpc::{Channel, Code, Status};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::network::{Host, Network, ask, call};
use crate::user_v1::GetUserRequest;
use crate::user_v1::user_service_client::UserServiceClient;

async fn two_each(config: ServiceConfig) -> (Network, UserServiceClient) {
    let network = Network::new([(1, Host::Up), (2, Host::Up)]);
    let target = Channel::target("ipv4:10.0.0.1:1,10.0.0.1:2").load_balancing(LoadBalancing::RoundRobin);
    let client = network.client(target.max_calls_per_server(2).service_config(config));
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    (network, client)
}

/// Calls that take ten seconds.
async fn slow(client: &UserServiceClient, calls: usize) -> JoinSet<Result<u16, Status>> {
    let mut running = JoinSet::new();
    for _ in 0..calls {
        let client = client.clone();
        running.spawn(async move { ask(&client, "slow").await });
    }
    sleep(Duration::from_millis(1)).await;
    running
}

const MESSAGE: &str = "every server of `ipv4:10.0.0.1:1,10.0.0.1:2` has reached the limit of 2 calls";

#[tokio::test(start_paused = true)]
async fn a_call_without_room_fails_at_once_and_finds_room_later() {
    let (_network, client) = two_each(ServiceConfig::new()).await;
    let running = slow(&client, 4).await;
    let start = Instant::now();
    for wait in [false, true] {
        let status = client.get_user(GetUserRequest::default()).wait_for_ready(wait).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::Unavailable, MESSAGE));
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    let mut shares = BTreeMap::new();
    for port in running.join_all().await {
        *shares.entry(port.unwrap()).or_insert(0) += 1;
    }
    assert_eq!(shares, BTreeMap::from([(1, 2), (2, 2)]));
    call(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_full_server_is_passed_over() {
    let (network, client) = two_each(ServiceConfig::new()).await;
    let _running = slow(&client, 3).await;
    let mut answered = Vec::new();
    for _ in 0..10 {
        answered.push(call(&client).await.unwrap());
    }
    assert!(answered.iter().all(|port| *port == answered[0]), "{answered:?}");
    drop(network);
}

#[tokio::test(start_paused = true)]
async fn a_stream_counts_until_its_end() {
    let (network, client) = two_each(ServiceConfig::new()).await;
    let mut streams = Vec::new();
    for _ in 0..4 {
        streams.push(client.list_users(GetUserRequest { user_id: "wait".into() }).await.unwrap().into_inner());
    }
    assert_eq!(call(&client).await.unwrap_err().message(), MESSAGE);
    network.release_streams();
    while streams[0].message().await.unwrap().is_some() {}
    call(&client).await.unwrap();
    // So does one that nobody reads to its end.
    drop(streams);
    let running = slow(&client, 4).await;
    assert!(running.join_all().await.iter().all(Result::is_ok));
}

#[tokio::test(start_paused = true)]
async fn no_policy_makes_a_call_again_that_found_no_room() {
    let retries = RetryPolicy::new(5, [Code::Unavailable]);
    let hedging = HedgingPolicy::new(5, Duration::from_secs(1)).with_non_fatal([Code::Unavailable]);
    for method in [MethodConfig::new().with_retries(retries), MethodConfig::new().with_hedging(hedging)] {
        let (_network, client) = two_each(ServiceConfig::new().for_all(method)).await;
        let channel_alone = client.clone();
        let mut running = JoinSet::new();
        for _ in 0..4 {
            let client = channel_alone.clone();
            running.spawn(async move {
                let request = GetUserRequest { user_id: "slow".into() };
                client.get_user(request).retries(false).await.map(drop)
            });
        }
        sleep(Duration::from_millis(1)).await;
        let start = Instant::now();
        assert_eq!(call(&client).await.unwrap_err().message(), MESSAGE);
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert!(running.join_all().await.iter().all(Result::is_ok));
    }
}
