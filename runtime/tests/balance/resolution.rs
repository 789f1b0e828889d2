//! When names are resolved, and what follows from the result.

use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rgrpc::balance::{Address, Endpoint, Resolution, Resolve, Target};
use rgrpc::service_config::LoadBalancing;
use rgrpc::{Channel, Code};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use crate::network::{Host, Network, address, call};
use crate::user_v1::user_service_client::UserServiceClient;

type Answer = Result<Resolution, &'static str>;

#[derive(Clone)]
struct Script {
    answer: Arc<Mutex<Answer>>,
    asked: Arc<Mutex<Vec<Instant>>>,
    news: Arc<Notify>,
}

impl Script {
    fn new(answer: Answer) -> Self {
        Self { answer: Arc::new(Mutex::new(answer)), asked: Arc::default(), news: Arc::default() }
    }

    fn set(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self, start: Instant) -> Vec<Duration> {
        self.asked.lock().unwrap().iter().map(|at| *at - start).collect()
    }
}

impl Resolve for Script {
    async fn resolve(&self) -> Result<Resolution, Box<dyn Error + Send + Sync>> {
        self.asked.lock().unwrap().push(Instant::now());
        Ok(self.answer.lock().unwrap().clone()?)
    }

    async fn changed(&self) {
        self.news.notified().await;
    }
}

fn ports(ports: impl IntoIterator<Item = u16>) -> Resolution {
    Resolution::new(ports.into_iter().map(address))
}

fn target(script: &Script) -> Target {
    Channel::resolved_by(script.clone(), "users.prod").load_balancing(LoadBalancing::RoundRobin)
}

async fn answered(client: &UserServiceClient) -> Vec<u16> {
    let mut answered = Vec::new();
    for _ in 0..6 {
        answered.push(call(client).await.unwrap());
    }
    answered.sort_unstable();
    answered
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_asks_the_resolver_again_at_most_every_30_s() {
    let network = Network::new([(1, Host::Up), (2, Host::Up)]);
    let script = Script::new(Ok(ports([1, 2])));
    let client = network.client(target(&script));
    let start = Instant::now();
    call(&client).await.unwrap();
    for _ in 0..10 {
        sleep(seconds(5)).await;
        network.set(2, Host::Down);
        sleep(seconds(5)).await;
        network.set(2, Host::Up);
    }
    assert_eq!(script.asked(start), [0, 30, 60, 90].map(seconds));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_cannot_be_reached_asks_the_resolver_again_at_most_every_30_s() {
    let script = Script::new(Ok(ports([1])));
    let client = Network::new([]).client(target(&script));
    let start = Instant::now();
    call(&client).await.unwrap_err();
    sleep(seconds(40)).await;
    assert_eq!(script.asked(start), [0, 30].map(seconds));
}

#[tokio::test(start_paused = true)]
async fn a_resolver_that_is_left_alone_is_asked_once() {
    let network = Network::new([(1, Host::Up)]);
    let script = Script::new(Ok(ports([1])));
    let client = network.client(target(&script));
    for _ in 0..100 {
        call(&client).await.unwrap();
        sleep(seconds(60)).await;
    }
    assert_eq!(script.asked(Instant::now() - seconds(6000)).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_update_of_the_resolver_applies_at_once_and_servers_that_stay_keep_their_connection() {
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    let script = Script::new(Ok(ports([1, 2])));
    let client = network.client(target(&script));
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(answered(&client).await, [1, 1, 1, 2, 2, 2]);
    script.set(Ok(ports([2, 3])));
    script.news.notify_one();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(answered(&client).await, [2, 2, 2, 3, 3, 3]);
    let attempts: Vec<_> = network.attempts(Instant::now() - seconds(1)).into_iter().map(|(port, _)| port).collect();
    assert_eq!((attempts.as_slice(), network.connections(1)), (&[1, 2, 3][..], 0));
}

#[tokio::test(start_paused = true)]
async fn pick_first_keeps_its_connection_while_its_server_is_listed() {
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    let script = Script::new(Ok(ports([1, 2])));
    let client = network.client(Channel::resolved_by(script.clone(), "users.prod"));
    assert_eq!(call(&client).await.unwrap(), 1);
    script.set(Ok(ports([3, 2, 1])));
    script.news.notify_one();
    sleep(seconds(1)).await;
    assert_eq!(call(&client).await.unwrap(), 1);
    script.set(Ok(ports([3, 2])));
    script.news.notify_one();
    sleep(seconds(1)).await;
    assert_eq!(call(&client).await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_does_not_resolve_fails_calls_and_is_tried_again_with_pauses() {
    let network = Network::new([(1, Host::Up)]);
    let script = Script::new(Err("no such host"));
    let client = network.client(target(&script));
    let start = Instant::now();
    let status = call(&client).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Unavailable, "no such host"));
    sleep(Duration::from_millis(1100)).await;
    assert_eq!(script.asked(start), [0, 1].map(seconds));
    script.set(Ok(ports([1])));
    sleep(seconds(3)).await;
    assert_eq!(call(&client).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_resolver_that_never_answers_fails_calls_after_two_minutes() {
    struct Silent;
    impl Resolve for Silent {
        async fn resolve(&self) -> Result<Resolution, Box<dyn Error + Send + Sync>> {
            std::future::pending().await
        }
    }
    let client = Network::new([]).client(Channel::resolved_by(Silent, "users.prod"));
    let start = Instant::now();
    let status = call(&client).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Unavailable, "the resolver did not answer within 120s"));
    assert_eq!(start.elapsed(), seconds(120));
}

#[tokio::test(start_paused = true)]
async fn a_name_without_servers_fails_calls() {
    let script = Script::new(Ok(ports([])));
    let client = Network::new([]).client(target(&script));
    let status = call(&client).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Unavailable, "`users.prod` resolved to no servers"));
}

#[tokio::test(start_paused = true)]
async fn servers_without_addresses_are_none() {
    for policy in [LoadBalancing::PickFirst { shuffle: false }, LoadBalancing::RoundRobin] {
        let script = Script::new(Ok(Resolution::new([Endpoint::new(Vec::<Address>::new())])));
        let client = Network::new([(1, Host::Up)]).client(target(&script).load_balancing(policy));
        let status = call(&client).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::Unavailable, "`users.prod` resolved to no servers"));
        script.set(Ok(ports([1])));
        sleep(seconds(2)).await;
        assert_eq!(call(&client).await.unwrap(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_to_resolve_keeps_the_servers_found_before() {
    let network = Network::new([(1, Host::Up)]);
    let script = Script::new(Ok(ports([1])));
    let client = network.client(target(&script));
    call(&client).await.unwrap();
    script.set(Err("no such host"));
    script.news.notify_one();
    sleep(seconds(100)).await;
    assert_eq!(call(&client).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_service_config_of_the_resolver_goes_first() {
    let network = Network::new([(1, Host::Up), (2, Host::Up)]);
    let config = r#"{"loadBalancingConfig": [{"round_robin": {}}]}"#;
    let script = Script::new(Ok(ports([1, 2]).with_service_config(config)));
    let client = network.client(Channel::resolved_by(script.clone(), "users.prod"));
    call(&client).await.unwrap();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(answered(&client).await, [1, 1, 1, 2, 2, 2]);
}

#[tokio::test(start_paused = true)]
async fn an_invalid_update_keeps_the_last_good_config() {
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    let config = r#"{"loadBalancingConfig": [{"round_robin": {}}]}"#;
    let script = Script::new(Ok(ports([1, 2]).with_service_config(config)));
    let client = network.client(Channel::resolved_by(script.clone(), "users.prod"));
    call(&client).await.unwrap();
    script.set(Ok(ports([2, 3]).with_service_config("{")));
    script.news.notify_one();
    sleep(seconds(1)).await;
    assert_eq!(answered(&client).await, [2, 2, 2, 3, 3, 3], "the servers are new, the policy is not");
}

#[tokio::test(start_paused = true)]
async fn a_first_config_that_is_invalid_fails_calls() {
    let network = Network::new([(1, Host::Up)]);
    let script = Script::new(Ok(ports([1]).with_service_config(r#"{"methodConfig": 1}"#)));
    let client = network.client(target(&script));
    let status = call(&client).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(status.message(), "service config: .methodConfig: expected an array, found 1");
}
