//! One of three servers dies under load, and returns.

#[path = "../../examples/kill_and_return/scenario.rs"]
mod scenario;

use scenario::{ours, policy, run};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_three_dies_under_load_and_no_call_fails_with_a_policy() {
    let phases = run(16, Duration::from_millis(500), |addresses| ours(addresses, Some(policy()))).await;
    for phase in &phases {
        assert!(phase.failed.is_empty(), "{phases:?}");
    }
    assert_eq!(phases[2].answered.len(), 2, "{phases:?}");
}
