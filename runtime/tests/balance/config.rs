//! The service config of a balanced channel.

use std::collections::BTreeMap;
use std::future::IntoFuture;
use std::time::Duration;

use rgrpc::balance::{Backend, Pick, Resolution, Resolve, State};
use rgrpc::service_config::{LoadBalancing, MethodConfig, RetryPolicy, ServiceConfig};
use rgrpc::{Channel, Code};
use tokio::time::{Instant, sleep};

use crate::network::{Host, Network, ask, call};
use crate::user_v1::GetUserRequest;
use crate::user_v1::user_service_client::UserServiceClient;

fn retrying() -> ServiceConfig {
    let policy = RetryPolicy::new(4, [Code::Unavailable]);
    let policy = policy.with_backoff(Duration::from_millis(10), Duration::from_millis(100), 2.0);
    ServiceConfig::new()
        .for_all(MethodConfig::new().with_retries(policy))
        .with_load_balancing(LoadBalancing::RoundRobin)
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_server_dies_is_made_again_elsewhere() {
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    let target = Channel::target("ipv4:10.0.0.1:1,10.0.0.1:2,10.0.0.1:3");
    let client = network.client(target.service_config(retrying()));
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    let calls: Vec<_> = (0..6)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { ask(&client, "slow").await })
        })
        .collect();
    sleep(Duration::from_secs(1)).await;
    network.set(1, Host::Down);
    let mut answered = BTreeMap::new();
    for call in calls {
        *answered.entry(call.await.unwrap().unwrap()).or_insert(0) += 1;
    }
    assert_eq!(answered.values().sum::<i32>(), 6);
    assert!(!answered.contains_key(&1), "{answered:?}");
}

#[tokio::test(start_paused = true)]
async fn without_a_policy_a_call_whose_server_dies_fails_as_unavailable() {
    let network = Network::new([(1, Host::Up)]);
    let client = network.client(Channel::target("ipv4:10.0.0.1:1"));
    call(&client).await.unwrap();
    let slow = tokio::spawn(async move { ask(&client, "slow").await });
    sleep(Duration::from_secs(1)).await;
    network.set(1, Host::Down);
    assert_eq!(slow.await.unwrap().unwrap_err().code(), Code::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn the_config_that_the_resolver_finds_has_timeouts_too() {
    struct WithTimeout;
    impl Resolve for WithTimeout {
        async fn resolve(&self) -> Result<Resolution, Box<dyn std::error::Error + Send + Sync>> {
            let json = r#"{"methodConfig": [{"name": [{}], "timeout": "3s"}]}"#;
            Ok(Resolution::new([crate::network::address(1)]).with_service_config(json))
        }
    }
    let network = Network::new([(1, Host::Up)]);
    let target = Channel::resolved_by(WithTimeout, "users.prod").connect_by(network);
    let balanced = target.balanced().unwrap();
    let client = UserServiceClient::new(Channel::new(balanced.clone()));
    balanced.connect();
    balanced.changed(State::Idle).await;
    balanced.changed(State::Connecting).await;
    let start = Instant::now();
    assert_eq!(ask(&client, "hang").await.unwrap_err().code(), Code::DeadlineExceeded);
    // A server ends a call up to 1 ms before the client.
    assert_eq!((start.elapsed() + Duration::from_millis(1)).as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn each_attempt_of_a_call_goes_to_another_server() {
    struct First;
    impl Pick for First {
        fn pick(&self, _: &[Backend], _: &http::request::Parts) -> usize {
            0
        }
    }
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    let policy = RetryPolicy::new(3, [Code::Internal]);
    let config = ServiceConfig::new().for_all(MethodConfig::new().with_retries(policy));
    let target = Channel::target("ipv4:10.0.0.1:1,10.0.0.1:2,10.0.0.1:3");
    let client = network.client(target.pick(First).service_config(config));
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    network.set_failing(1, true);
    network.set_failing(2, true);
    assert_eq!(call(&client).await.unwrap(), 3);
    network.set_failing(3, true);
    assert_eq!(call(&client).await.unwrap_err().message(), "3", "the last server is asked last");
}

/// Takes two seconds, and then has a config with a timeout of three.
struct Slow;

impl Resolve for Slow {
    async fn resolve(&self) -> Result<Resolution, Box<dyn std::error::Error + Send + Sync>> {
        sleep(Duration::from_secs(2)).await;
        let json = r#"{"methodConfig": [{"name": [{}], "timeout": "3s"}]}"#;
        Ok(Resolution::new([crate::network::address(1)]).with_service_config(json))
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_calls_are_held_until_the_resolver_has_answered() {
    let network = Network::new([(1, Host::Up)]);
    let client = network.client(Channel::resolved_by(Slow, "users.prod"));
    let start = Instant::now();
    let streams = client.list_users(GetUserRequest::default());
    let (unary, streams) = tokio::join!(ask(&client, "hang"), streams.into_future());
    assert_eq!(unary.unwrap_err().code(), Code::DeadlineExceeded);
    assert_eq!((start.elapsed() + Duration::from_millis(1)).as_secs(), 5);
    streams.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_held_ends_at_its_own_deadline() {
    let network = Network::new([(1, Host::Up)]);
    let client = network.client(Channel::resolved_by(Slow, "users.prod"));
    let start = Instant::now();
    let call = client.get_user(GetUserRequest::default()).timeout(Duration::from_secs(1));
    assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
    assert_eq!(start.elapsed(), Duration::from_secs(1));
    // The time that it was held counts.
    let client = network.client(Channel::resolved_by(Slow, "users.prod"));
    let start = Instant::now();
    let call = client.get_user(GetUserRequest { user_id: "hang".into() }).timeout(Duration::from_millis(2500));
    assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
    assert_eq!((start.elapsed() + Duration::from_millis(1)).as_millis() / 100, 25);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_ready_is_held_while_the_resolver_fails() {
    struct LateSuccess(Instant);
    impl Resolve for LateSuccess {
        async fn resolve(&self) -> Result<Resolution, Box<dyn std::error::Error + Send + Sync>> {
            if self.0.elapsed() < Duration::from_secs(30) {
                return Err("no such host".into());
            }
            let json = r#"{"methodConfig": [{"name": [{}], "timeout": "3s"}]}"#;
            Ok(Resolution::new([crate::network::address(1)]).with_service_config(json))
        }
    }
    let network = Network::new([(1, Host::Up)]);
    let start = Instant::now();
    let client = network.client(Channel::resolved_by(LateSuccess(start), "users.prod"));
    assert_eq!(call(&client).await.unwrap_err().message(), "no such host");
    assert_eq!(start.elapsed(), Duration::ZERO);
    let waiting = client.get_user(GetUserRequest { user_id: "hang".into() }).wait_for_ready(true);
    assert_eq!(waiting.await.unwrap_err().code(), Code::DeadlineExceeded);
    assert!(start.elapsed() > Duration::from_secs(33), "{:?}", start.elapsed());
}
