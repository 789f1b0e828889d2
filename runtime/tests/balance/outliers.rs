//! Outlier detection: servers that are ejected because their calls fail. Source: gRFC A50.

use std::collections::BTreeMap;
use std::time::Duration;

use rgrpc::Channel;
use rgrpc::balance::{Balanced, State};
use rgrpc::service_config::{FailurePercentage, LoadBalancing, OutlierDetection, SuccessRate};
use tokio::time::{Instant, sleep};

use crate::network::{Host, Network, call};
use crate::user_v1::GetUserRequest;
use crate::user_v1::user_service_client::UserServiceClient;

fn channel(network: &Network, servers: u16, config: OutlierDetection) -> (Balanced, UserServiceClient) {
    let addresses: Vec<_> = (1..=servers).map(|port| format!("10.0.0.1:{port}")).collect();
    let target = Channel::target(&format!("ipv4:{}", addresses.join(","))).connect_by(network.clone());
    let policy = LoadBalancing::OutlierDetection(Box::new(config));
    let balanced = target.load_balancing(policy).idle_timeout(None).balanced().unwrap();
    (balanced.clone(), UserServiceClient::new(Channel::new(balanced)))
}

fn up(servers: u16) -> Network {
    Network::new((1..=servers).map(|port| (port, Host::Up)))
}

fn failure_percentage(max_ejection_percent: u32) -> OutlierDetection {
    let rules = FailurePercentage { threshold: 50, minimum_hosts: 3, request_volume: 10, ..Default::default() };
    OutlierDetection { max_ejection_percent, failure_percentage: Some(rules), ..Default::default() }
}

/// Waits for all connections, for the sweep, and calls in the interval after it; gives how many calls each server took.
async fn calls(client: &UserServiceClient, calls: usize) -> BTreeMap<u16, usize> {
    let mut taken = BTreeMap::new();
    for _ in 0..calls {
        let port = match call(client).await {
            Ok(port) => port,
            Err(status) => status.message().parse().unwrap(),
        };
        *taken.entry(port).or_default() += 1;
    }
    taken
}

async fn connect(client: &UserServiceClient) {
    let _ = call(client).await;
    sleep(Duration::from_millis(1)).await;
}

fn left_out(balanced: &Balanced) -> Vec<usize> {
    let states: Vec<_> = balanced.servers().into_iter().map(|(_, state)| state).collect();
    (1..).zip(states).filter(|(_, state)| *state == State::TransientFailure).map(|(n, _)| n).collect()
}

const INTERVAL: Duration = Duration::from_secs(10);

#[tokio::test(start_paused = true)]
async fn failure_percentage_leaves_out_a_server_that_fails() {
    let network = up(3);
    let (balanced, client) = channel(&network, 3, failure_percentage(50));
    connect(&client).await;
    network.set_failing(2, true);
    calls(&client, 60).await;
    assert!(left_out(&balanced).is_empty());
    sleep(INTERVAL).await;
    assert_eq!(left_out(&balanced), [2]);
    assert_eq!(calls(&client, 30).await, BTreeMap::from([(1, 15), (3, 15)]));
    assert_eq!(network.connections(2), 1, "the connection is kept");
}

#[tokio::test(start_paused = true)]
async fn too_few_calls_or_servers_are_no_reason() {
    for (servers, number) in [(3, 27), (2, 60)] {
        let network = up(servers);
        let (balanced, client) = channel(&network, servers, failure_percentage(100));
        connect(&client).await;
        network.set_failing(2, true);
        calls(&client, number).await;
        sleep(INTERVAL).await;
        assert!(left_out(&balanced).is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_servers_are_left_out_than_the_most_percent_but_one() {
    for (percent, expected) in [(0, 0), (10, 1), (50, 2), (100, 3)] {
        let network = up(4);
        let (balanced, client) = channel(&network, 4, failure_percentage(percent));
        connect(&client).await;
        for port in [2, 3, 4] {
            network.set_failing(port, true);
        }
        calls(&client, 80).await;
        sleep(INTERVAL).await;
        assert_eq!(left_out(&balanced).len(), expected, "{percent} %");
    }
}

#[tokio::test(start_paused = true)]
async fn success_rate_leaves_out_a_server_far_below_the_mean() {
    let rules = SuccessRate { stdev_factor: 1900, minimum_hosts: 5, request_volume: 20, ..Default::default() };
    let config = OutlierDetection { success_rate: Some(rules), max_ejection_percent: 100, ..Default::default() };
    let network = up(6);
    let (balanced, client) = channel(&network, 6, config);
    connect(&client).await;
    network.set_failing(5, true);
    calls(&client, 300).await;
    sleep(INTERVAL).await;
    // The mean is 0.83 and the standard deviation 0.37: the limit is 0.13.
    assert_eq!(left_out(&balanced), [5]);
}

#[tokio::test(start_paused = true)]
async fn success_rate_leaves_alone_what_all_have_in_common() {
    let rules = SuccessRate { minimum_hosts: 3, request_volume: 20, ..Default::default() };
    let config = OutlierDetection { success_rate: Some(rules), max_ejection_percent: 100, ..Default::default() };
    let network = up(3);
    let (balanced, client) = channel(&network, 3, config);
    connect(&client).await;
    for port in [1, 2, 3] {
        network.set_failing(port, true);
    }
    calls(&client, 90).await;
    sleep(INTERVAL).await;
    assert!(left_out(&balanced).is_empty());
}

#[tokio::test(start_paused = true)]
async fn ejection_grows_each_time_and_shrinks_while_all_is_well() {
    let config = OutlierDetection { base_ejection_time: Duration::from_secs(30), ..failure_percentage(50) };
    let network = up(3);
    let (balanced, client) = channel(&network, 3, config);
    connect(&client).await;
    let ejected_for = async |failing: bool| {
        network.set_failing(2, failing);
        calls(&client, 60).await;
        let start = Instant::now();
        while left_out(&balanced).is_empty() {
            sleep(Duration::from_secs(1)).await;
            if start.elapsed() > Duration::from_secs(30) {
                return 0;
            }
        }
        network.set_failing(2, false);
        let start = Instant::now();
        while !left_out(&balanced).is_empty() {
            sleep(Duration::from_secs(1)).await;
        }
        // To the next sweep.
        start.elapsed().as_secs().next_multiple_of(10)
    };
    assert_eq!(ejected_for(true).await, 30);
    assert_eq!(ejected_for(true).await, 60);
    assert_eq!(ejected_for(true).await, 90);
    // Three intervals without a reason take it back by three.
    assert_eq!(ejected_for(false).await, 0);
    assert_eq!(ejected_for(true).await, 30);
}

#[tokio::test(start_paused = true)]
async fn the_most_ejection_time_is_the_limit() {
    let config = OutlierDetection {
        base_ejection_time: Duration::from_secs(30),
        max_ejection_time: Duration::from_secs(40),
        ..failure_percentage(50)
    };
    let network = up(3);
    let (balanced, client) = channel(&network, 3, config);
    connect(&client).await;
    for expected in [30, 40, 40] {
        network.set_failing(2, true);
        calls(&client, 60).await;
        while left_out(&balanced).is_empty() {
            sleep(Duration::from_secs(1)).await;
        }
        let start = Instant::now();
        while !left_out(&balanced).is_empty() {
            sleep(Duration::from_secs(1)).await;
        }
        assert_eq!(start.elapsed().as_secs().next_multiple_of(10), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_in_trailers_counts() {
    let network = up(3);
    let (balanced, client) = channel(&network, 3, failure_percentage(50));
    connect(&client).await;
    network.set_failing(2, true);
    for _ in 0..60 {
        let mut users = client.list_users(GetUserRequest::default()).await.unwrap().into_inner();
        while let Ok(Some(_)) = users.message().await {}
    }
    sleep(INTERVAL).await;
    assert_eq!(left_out(&balanced), [2]);
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_given_up_count_as_failures() {
    let network = up(3);
    let (balanced, client) = channel(&network, 3, failure_percentage(50));
    connect(&client).await;
    calls(&client, 30).await;
    network.freeze(2);
    for _ in 0..60 {
        let _ = client.get_user(GetUserRequest::default()).timeout(Duration::from_millis(50)).await;
    }
    sleep(INTERVAL).await;
    assert_eq!(left_out(&balanced), [2]);
}
