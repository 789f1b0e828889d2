//! One of three servers is killed under load, and returns.

#[allow(dead_code, reason = "a whole day has more")]
#[path = "../../examples/game_day/clients.rs"]
mod clients;
#[allow(dead_code, reason = "a whole day has more")]
#[path = "../../examples/game_day/fleet.rs"]
mod fleet;
#[allow(dead_code, reason = "a whole day has more")]
#[path = "../../examples/game_day/load.rs"]
mod load;
#[allow(dead_code, reason = "a whole day has more")]
#[path = "../../examples/game_day/server.rs"]
mod server;

use std::time::Duration;

use crate::user_v1::user_service_client::UserServiceClient;
use fleet::{Fleet, Phase};
use load::{Callers, Load};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_three_dies_under_load_and_no_call_fails_with_a_policy() {
    let mut fleet = Fleet::start();
    let load = Load { callers: 16, pause: Duration::from_millis(5), timeout: Duration::from_secs(10) };
    let callers = Callers::start(&UserServiceClient::new(clients::with_policy(&fleet.registry)), load);
    for phase in [Phase::AllUp, Phase::KilledAndBack] {
        callers.enter(phase);
        fleet.run(phase, Duration::from_secs(1)).await;
    }
    let tallies = callers.end().await;
    for tally in tallies.values() {
        assert!(tally.reads.made > 0 && tally.reads.failed == 0, "{tallies:?}");
    }
    assert_eq!(fleet.book.executed_twice(), 0);
    fleet.end();
}
