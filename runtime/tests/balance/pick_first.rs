//! The policy `pick_first`: the first server that answers takes all calls.

use std::time::Duration;

use rgrpc::balance::Target;
use rgrpc::{Channel, Code};
use tokio::time::{Instant, sleep};

use crate::network::{Host, Network, call};

fn three() -> Target {
    Channel::target("ipv4:10.0.0.1:1,10.0.0.1:2,10.0.0.1:3")
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(start_paused = true)]
async fn the_first_server_takes_all_calls() {
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    let client = network.client(three());
    let start = Instant::now();
    for _ in 0..10 {
        assert_eq!(call(&client).await.unwrap(), 1);
    }
    assert_eq!(network.attempts(start), [(1, ms(0))]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_is_passed_over_at_once() {
    let network = Network::new([(1, Host::Down), (2, Host::Down), (3, Host::Up)]);
    let client = network.client(three());
    let start = Instant::now();
    assert_eq!(call(&client).await.unwrap(), 3);
    assert_eq!(network.attempts(start), [(1, ms(0)), (2, ms(0)), (3, ms(0))]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_server_is_raced_by_the_next_after_250_ms() {
    let network = Network::new([(1, Host::Hangs), (2, Host::Hangs), (3, Host::Up)]);
    let client = network.client(three());
    let start = Instant::now();
    assert_eq!(call(&client).await.unwrap(), 3);
    assert_eq!(network.attempts(start), [(1, ms(0)), (2, ms(250)), (3, ms(500))]);
}

#[tokio::test(start_paused = true)]
async fn the_attempt_that_succeeds_first_wins_and_the_others_end() {
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    network.delay(1, ms(400));
    network.delay(2, ms(100));
    let client = network.client(three());
    let start = Instant::now();
    assert_eq!(call(&client).await.unwrap(), 2);
    assert_eq!(start.elapsed(), ms(350));
    sleep(ms(1000)).await;
    assert_eq!([1, 2, 3].map(|port| network.connections(port)), [0, 1, 0]);
}

#[tokio::test(start_paused = true)]
async fn ip_versions_take_turns() {
    let network = Network::default();
    let names = ["ipv6:[2001:db8::1]:1,[2001:db8::2]:2", "ipv4:10.0.0.1:3,10.0.0.1:4"];
    let client = network.client(Channel::target_list(names));
    let start = Instant::now();
    call(&client).await.unwrap_err();
    let ports: Vec<_> = network.attempts(start).into_iter().map(|(port, _)| port).collect();
    assert_eq!(ports, [1, 3, 2, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_is_made_again_by_the_next_call_only() {
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    let client = network.client(three());
    call(&client).await.unwrap();
    let start = Instant::now();
    network.set(1, Host::Down);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(network.attempts(start - Duration::from_secs(0)).len(), 1);
    assert_eq!(call(&client).await.unwrap(), 2);
    network.set(1, Host::Up);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(call(&client).await.unwrap(), 2, "the connection that stands is kept");
}

#[tokio::test(start_paused = true)]
async fn attempts_start_after_1_s_and_then_1_6_times_longer_up_to_120_s() {
    for _ in 0..20 {
        let network = Network::new([]);
        let client = network.client(Channel::target("ipv4:10.0.0.1:1"));
        let start = Instant::now();
        call(&client).await.unwrap_err();
        sleep(Duration::from_secs(900)).await;
        let at: Vec<_> = network.attempts(start).into_iter().map(|(_, at)| at.as_secs_f64()).collect();
        let gaps: Vec<_> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(at[0] < 0.001);
        assert!((gaps[0] - 1.0).abs() < 0.002, "{gaps:?}");
        let mut pause = 1.0_f64;
        for gap in &gaps[1..] {
            pause = (pause * 1.6).min(120.0);
            assert!((pause * 0.8 - 0.002..=pause * 1.2 + 0.002).contains(gap), "{gap} for {pause}: {gaps:?}");
        }
        assert!(gaps.len() >= 13, "{gaps:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_has_20_s_and_the_next_starts_at_its_end() {
    let network = Network::new([(1, Host::Hangs)]);
    let client = network.client(Channel::target("ipv4:10.0.0.1:1"));
    let start = Instant::now();
    assert_eq!(call(&client).await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(start.elapsed(), Duration::from_secs(20));
    sleep(Duration::from_secs(30)).await;
    assert_eq!(network.attempts(start), [(1, ms(0)), (1, ms(20_000)), (1, ms(40_000))]);
}

#[tokio::test(start_paused = true)]
async fn the_pauses_start_anew_after_a_success() {
    let network = Network::new([]);
    let client = network.client(Channel::target("ipv4:10.0.0.1:1"));
    call(&client).await.unwrap_err();
    sleep(Duration::from_secs(60)).await;
    network.set(1, Host::Up);
    client.get_user(crate::user_v1::GetUserRequest::default()).wait_for_ready(true).await.unwrap();
    network.set(1, Host::Down);
    sleep(Duration::from_secs(60)).await;
    let start = Instant::now();
    let before = network.attempts(start - Duration::from_secs(0)).len();
    call(&client).await.unwrap_err();
    sleep(Duration::from_millis(1100)).await;
    assert_eq!(network.attempts(start)[before..], [(1, ms(0)), (1, ms(1000))]);
}
