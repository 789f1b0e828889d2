//! The states of a channel, and the transitions between them.

use std::time::Duration;

use rgrpc::balance::{Address, Balanced, Connector, State, Target};
use rgrpc::codegen::GeneratedConfig;
use rgrpc::service_config::{LoadBalancing, MethodConfig, ServiceConfig};
use rgrpc::{Channel, Code, UnaryCall};
use tokio::time::{Instant, sleep, timeout};

use crate::network::{Host, Network, ask, call};
use crate::user_v1::user_service_client::UserServiceClient;
use crate::user_v1::user_service_methods::{GET_USER, SERVICE};
use crate::user_v1::{GetUserRequest, User};

fn one() -> Target {
    Channel::target("ipv4:10.0.0.1:1")
}

fn balanced(network: &Network, target: Target) -> (Balanced, UserServiceClient) {
    let balanced = target.connect_by(network.clone()).balanced().unwrap();
    (balanced.clone(), UserServiceClient::new(Channel::new(balanced)))
}

#[tokio::test(start_paused = true)]
async fn a_channel_is_idle_until_it_is_called() {
    let network = Network::new([(1, Host::Up)]);
    network.delay(1, Duration::from_secs(1));
    let (balanced, client) = balanced(&network, one());
    sleep(Duration::from_secs(60)).await;
    assert_eq!((balanced.state(), network.attempts(Instant::now() - Duration::from_secs(60)).len()), (State::Idle, 0));
    let call = tokio::spawn(async move { call(&client).await });
    assert_eq!(balanced.changed(State::Idle).await, State::Connecting);
    assert_eq!(balanced.changed(State::Connecting).await, State::Ready);
    call.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_channel_can_be_told_to_connect() {
    let network = Network::new([(1, Host::Up)]);
    let (balanced, _client) = balanced(&network, one());
    balanced.connect();
    balanced.changed(State::Idle).await;
    assert_eq!(balanced.changed(State::Connecting).await, State::Ready);
    assert_eq!(balanced.servers().len(), 1);
    assert_eq!(balanced.servers()[0].1, State::Ready);
}

#[tokio::test(start_paused = true)]
async fn transient_failure_is_sticky() {
    for policy in [LoadBalancing::RoundRobin, LoadBalancing::PickFirst { shuffle: false }] {
        let network = Network::new([(1, Host::Down)]);
        network.delay(1, Duration::from_millis(500));
        let (balanced, client) = balanced(&network, one().load_balancing(policy));
        call(&client).await.unwrap_err();
        assert_eq!(balanced.state(), State::TransientFailure);
        let changed = timeout(Duration::from_secs(300), balanced.changed(State::TransientFailure));
        assert!(changed.await.is_err(), "attempts are made, and the state stays");
        network.set(1, Host::Up);
        assert_eq!(balanced.changed(State::TransientFailure).await, State::Ready);
    }
}

#[tokio::test(start_paused = true)]
async fn wait_for_ready_waits() {
    let network = Network::new([(1, Host::Down)]);
    let (_, client) = balanced(&network, one());
    call(&client).await.unwrap_err();
    let waiting = tokio::spawn(client.get_user(GetUserRequest::default()).wait_for_ready(true).into_future());
    sleep(Duration::from_secs(100)).await;
    assert!(!waiting.is_finished());
    network.set(1, Host::Up);
    waiting.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn wait_for_ready_ends_at_the_deadline() {
    let network = Network::new([(1, Host::Down)]);
    let (_, client) = balanced(&network, one());
    let start = Instant::now();
    let request = client.get_user(GetUserRequest::default()).wait_for_ready(true).timeout(Duration::from_secs(5));
    assert_eq!(request.await.unwrap_err().code(), Code::DeadlineExceeded);
    assert_eq!(start.elapsed(), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn the_service_config_has_calls_wait_and_a_call_can_say_otherwise() {
    let config = ServiceConfig::new().for_all(MethodConfig::new().with_wait_for_ready(true));
    let network = Network::new([(1, Host::Down)]);
    let (_, client) = balanced(&network, one().service_config(config));
    let request = client.get_user(GetUserRequest::default()).timeout(Duration::from_secs(5));
    assert_eq!(request.await.unwrap_err().code(), Code::DeadlineExceeded);
    let request = client.get_user(GetUserRequest::default()).wait_for_ready(false);
    assert_eq!(request.await.unwrap_err().code(), Code::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn the_config_of_a_generated_client_has_calls_wait_unless_the_channel_has_one_for_them() {
    static WAIT: GeneratedConfig = GeneratedConfig::new(r#"{"methodConfig": [{"name": [{}], "waitForReady": true}]}"#);
    let network = Network::new([(1, Host::Down)]);
    let own = ServiceConfig::new().for_all(MethodConfig::new().with_timeout(Duration::from_secs(9)));
    for (target, code) in [(one(), Code::DeadlineExceeded), (one().service_config(own), Code::Unavailable)] {
        let channel = Channel::new(target.connect_by(network.clone()).balanced().unwrap());
        let channel = channel.for_service(&SERVICE).generated_config(&WAIT);
        let call: UnaryCall<User> = channel.unary(&GET_USER, GetUserRequest::default());
        assert_eq!(call.timeout(Duration::from_secs(5)).await.unwrap_err().code(), code);
    }
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_nobody_calls_closes_its_connections() {
    for policy in [LoadBalancing::RoundRobin, LoadBalancing::PickFirst { shuffle: false }] {
        let network = Network::new([(1, Host::Up)]);
        let target = one().load_balancing(policy).idle_timeout(Duration::from_secs(60));
        let (balanced, client) = balanced(&network, target);
        call(&client).await.unwrap();
        let start = Instant::now();
        assert_eq!(balanced.changed(State::Ready).await, State::Idle);
        assert_eq!(start.elapsed(), Duration::from_secs(60));
        sleep(Duration::from_millis(1)).await;
        assert_eq!(network.connections(1), 0);
        call(&client).await.unwrap();
        assert_eq!(network.connections(1), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_running_call_is_activity() {
    let network = Network::new([(1, Host::Up)]);
    let (balanced, client) = balanced(&network, one().idle_timeout(Duration::from_secs(3)));
    let start = Instant::now();
    ask(&client, "slow").await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(10));
    assert_eq!(balanced.state(), State::Ready);
    balanced.changed(State::Ready).await;
    assert_eq!(start.elapsed(), Duration::from_secs(13));
}

#[tokio::test(start_paused = true)]
async fn any_idle_timeout_lets_calls_end() {
    for idle_timeout in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
        let network = Network::new([(1, Host::Up)]);
        let (balanced, client) = balanced(&network, one().idle_timeout(idle_timeout));
        let start = Instant::now();
        timeout(Duration::from_secs(60), ask(&client, "slow")).await.unwrap().unwrap();
        assert_eq!(start.elapsed(), Duration::from_secs(10), "{idle_timeout:?}");
        if idle_timeout < Duration::MAX {
            assert_eq!(timeout(Duration::from_secs(1), balanced.changed(State::Ready)).await, Ok(State::Idle));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_channel_closes_its_connections() {
    let network = Network::new([(1, Host::Up)]);
    let (balanced, client) = balanced(&network, one());
    call(&client).await.unwrap();
    drop((balanced, client));
    sleep(Duration::from_millis(1)).await;
    assert_eq!(network.connections(1), 0);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_stands_still_is_lost_by_keep_alive() {
    let network = Network::new([(1, Host::Up)]);
    let target = one().keepalive(Duration::from_secs(10), Duration::from_secs(5));
    let (balanced, client) = balanced(&network, target);
    call(&client).await.unwrap();
    // A server that answers pings may take as long as it likes.
    let hanging = timeout(Duration::from_secs(1000), ask(&client, "hang")).await;
    assert!(hanging.is_err());
    let start = Instant::now();
    let hanging = tokio::spawn(async move { ask(&client, "hang").await });
    sleep(Duration::from_millis(1)).await;
    network.freeze(1);
    let status = hanging.await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert!((14..=16).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    assert_eq!(balanced.state(), State::Idle);
}

#[tokio::test(start_paused = true)]
async fn the_longest_times_are_forever() {
    let network = Network::new([(1, Host::Down)]);
    let target = one()
        .connection_backoff(Duration::from_secs(1), Duration::MAX)
        .idle_timeout(Duration::MAX)
        .keepalive(Duration::MAX, Duration::MAX)
        .min_connect_timeout(Duration::MAX)
        .min_resolution_interval(Duration::MAX);
    let (_balanced, client) = balanced(&network, target);
    call(&client).await.unwrap_err();
    network.set(1, Host::Up);
    sleep(Duration::from_secs(2)).await;
    call(&client).await.unwrap();
    let (_balanced, client) = balanced(&network, one().connection_backoff(Duration::MAX, Duration::MAX));
    call(&client).await.unwrap();
}

/// Panics instead of connecting.
struct Panics;

impl Connector for Panics {
    type Io = tokio::io::DuplexStream;

    async fn connect(&self, _: &Address) -> std::io::Result<Self::Io> {
        panic!("in a connector")
    }
}

#[tokio::test(start_paused = true)]
async fn a_connector_that_panics_fails_its_address() {
    let client = UserServiceClient::new(one().connect_by(Panics).channel().unwrap());
    let call = timeout(Duration::from_secs(60), client.get_user(GetUserRequest::default()));
    let status = call.await.expect("the call ends").unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert!(status.message().contains("10.0.0.1:1: the attempt to connect panicked"), "{status:?}");
}
