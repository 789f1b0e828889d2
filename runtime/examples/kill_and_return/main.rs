//! Kills one of three servers under load and has it return; prints how many calls failed, beside tonic's balancer.

mod scenario;
#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs)]
#[path = "../../tests/proto/user.v1.rs"]
#[rustfmt::skip]
mod user_v1;

use rgrpc::{
    Channel,
    tonic::transport::{Channel as TonicChannel, Endpoint},
};
use scenario::{Phase, ours, policy, run};
use std::{net::SocketAddr, time::Duration};

#[tokio::main]
async fn main() {
    let tonics = |addresses: &[SocketAddr]| {
        let endpoints = addresses.iter().map(|address| Endpoint::from_shared(format!("http://{address}")));
        Channel::new(TonicChannel::balance_list(endpoints.map(|endpoint| endpoint.expect("a URI"))))
    };
    report("tonic's balance_list", tonics).await;
    report("round_robin without a policy", |addresses| ours(addresses, None)).await;
    report("round_robin with a policy", |addresses| ours(addresses, Some(policy()))).await;
}

async fn report(name: &str, channel: impl FnOnce(&[SocketAddr]) -> Channel) {
    println!("{name}");
    let phases = run(64, Duration::from_secs(3), channel).await;
    for (name, Phase { answered, failed }) in ["all up", "one killed", "still dead", "back"].iter().zip(&phases) {
        let shares: Vec<_> = answered.values().collect();
        println!(
            "  {name:10} answered {:6} {shares:?}, failed {} {failed:?}",
            answered.values().sum::<usize>(),
            failed.values().sum::<usize>()
        );
    }
}
