//! Health checks of servers. Source: gRFC A17.

use std::collections::BTreeSet;
use std::time::Duration;

use rgrpc::service_config::{LoadBalancing, ServiceConfig};
use rgrpc::{Channel, Code};
use tokio::time::{Instant, sleep};

use crate::network::{Health, Host, NOT_SERVING, Network, SERVING, call};
use crate::user_v1::user_service_client::UserServiceClient;

const SERVICE: &str = "user.v1.UserService";

fn client(network: &Network, policy: LoadBalancing) -> UserServiceClient {
    let config = ServiceConfig::new().with_health_check(SERVICE).with_load_balancing(policy);
    network.client(Channel::target("ipv4:10.0.0.1:1,10.0.0.1:2").service_config(config))
}

fn both() -> Network {
    Network::new([(1, Host::Up), (2, Host::Up)])
}

/// Lets messages arrive.
async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

async fn answering(client: &UserServiceClient) -> BTreeSet<u16> {
    settle().await;
    let mut answering = BTreeSet::new();
    for _ in 0..10 {
        answering.insert(call(client).await.unwrap());
    }
    answering
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_not_serving_gets_no_calls() {
    let network = both();
    network.set_health(2, NOT_SERVING);
    let client = client(&network, LoadBalancing::RoundRobin);
    call(&client).await.unwrap();
    assert_eq!(answering(&client).await, BTreeSet::from([1]));
    network.set_health(2, SERVING);
    assert_eq!(answering(&client).await, BTreeSet::from([1, 2]));
    network.set_health(1, NOT_SERVING);
    assert_eq!(answering(&client).await, BTreeSet::from([2]));
    assert_eq!([1, 2].map(|port| network.connections(port)), [1, 1], "the connections are kept");
}

#[tokio::test(start_paused = true)]
async fn any_other_status_is_not_serving() {
    for status in [0, 3, 7] {
        let network = both();
        network.set_health(2, Health::Is(status));
        let client = client(&network, LoadBalancing::RoundRobin);
        call(&client).await.unwrap();
        assert_eq!(answering(&client).await, BTreeSet::from([1]), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn unimplemented_counts_as_serving() {
    let network = both();
    network.set_health(2, Health::Unimplemented);
    let client = client(&network, LoadBalancing::RoundRobin);
    let start = Instant::now();
    call(&client).await.unwrap();
    assert_eq!(answering(&client).await, BTreeSet::from([1, 2]));
    sleep(Duration::from_secs(600)).await;
    assert_eq!(network.watches(2, start).len(), 1, "it is not asked again");
}

#[tokio::test(start_paused = true)]
async fn a_server_is_not_ready_before_its_first_answer() {
    let network = both();
    network.set_health(1, Health::Late);
    network.set_health(2, Health::Late);
    let client = client(&network, LoadBalancing::RoundRobin);
    let start = Instant::now();
    let waiting = tokio::spawn(async move { call(&client).await });
    sleep(Duration::from_secs(5)).await;
    assert!(!waiting.is_finished());
    network.set_health(1, SERVING);
    assert_eq!(waiting.await.unwrap().unwrap(), 1);
    assert_eq!(start.elapsed(), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn the_service_name_is_sent() {
    let network = both();
    let client = client(&network, LoadBalancing::RoundRobin);
    let start = Instant::now();
    call(&client).await.unwrap();
    settle().await;
    assert_eq!(network.watches(1, start), [(SERVICE.to_owned(), Duration::ZERO)]);
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_fails_is_retried_with_backoff() {
    let network = both();
    network.set_health(2, Health::Broken);
    let client = client(&network, LoadBalancing::RoundRobin);
    let start = Instant::now();
    call(&client).await.unwrap();
    assert_eq!(answering(&client).await, BTreeSet::from([1]));
    sleep(Duration::from_secs(60)).await;
    let at: Vec<_> = network.watches(2, start).into_iter().map(|(_, at)| at.as_secs_f64()).collect();
    let gaps: Vec<_> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!((gaps[0] - 1.0).abs() < 0.01 && (1.2..2.0).contains(&gaps[1]), "{gaps:?}");
    network.set_health(2, SERVING);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(answering(&client).await, BTreeSet::from([1, 2]));
    // A watch that had answered is made again at once.
    let start = Instant::now();
    let before = network.watches(2, start - Duration::from_secs(200)).len();
    network.set_health(2, Health::Broken);
    settle().await;
    network.set_health(2, SERVING);
    sleep(Duration::from_secs(2)).await;
    assert!(network.watches(2, start - Duration::from_secs(200)).len() > before);
    assert_eq!(answering(&client).await, BTreeSet::from([1, 2]));
}

#[tokio::test(start_paused = true)]
async fn calls_fail_when_no_server_is_serving() {
    let network = both();
    network.set_health(1, NOT_SERVING);
    network.set_health(2, Health::Is(3));
    let client = client(&network, LoadBalancing::RoundRobin);
    let status = call(&client).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(
        status.message(),
        "no server of `ipv4:10.0.0.1:1,10.0.0.1:2` can be reached: \
         10.0.0.1:1: the health of `user.v1.UserService` is NOT_SERVING; \
         10.0.0.1:2: the health of `user.v1.UserService` is SERVICE_UNKNOWN",
    );
}

#[tokio::test(start_paused = true)]
async fn pick_first_does_not_check_health() {
    let network = both();
    network.set_health(1, NOT_SERVING);
    let client = client(&network, LoadBalancing::PickFirst { shuffle: false });
    let start = Instant::now();
    assert_eq!(call(&client).await.unwrap(), 1);
    assert_eq!(network.watches(1, start), []);
}
