//! Random subsetting: each client uses a few of many servers. Source: gRFC A68.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use rgrpc::Channel;
use rgrpc::balance::{Balanced, Resolution, Resolve, State};
use rgrpc::service_config::{LoadBalancing, RandomSubsetting, ServiceConfig};
use tokio::sync::watch;

use crate::network::{Host, Network, address, call};

/// The ports that there are.
#[derive(Clone)]
struct Ports(watch::Sender<Vec<u16>>);

impl Resolve for Ports {
    async fn resolve(&self) -> Result<Resolution, Box<dyn Error + Send + Sync>> {
        Ok(Resolution::new(self.0.borrow().iter().copied().map(address)))
    }

    async fn changed(&self) {
        let _ = self.0.subscribe().changed().await;
    }
}

fn subset(subset_size: u32) -> LoadBalancing {
    LoadBalancing::RandomSubsetting(Box::new(RandomSubsetting { subset_size, child: LoadBalancing::RoundRobin }))
}

fn client(ports: &Ports, id: &str) -> Balanced {
    let target = Channel::resolved_by(ports.clone(), "users.prod").connect_by(Network::default());
    target.load_balancing(subset(5)).client_id(id).balanced().unwrap()
}

/// The servers that a client chooses.
async fn chosen(balanced: &Balanced) -> BTreeSet<String> {
    balanced.connect();
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    balanced.servers().iter().map(|(endpoint, _)| endpoint.addresses()[0].to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_client_connects_to_as_many_servers_as_a_subset_has() {
    for size in [1, 5, 20, 30] {
        let network = Network::new((1..=20).map(|port| (port, Host::Up)));
        let ports = Ports(watch::Sender::new((1..=20).collect()));
        let client = network.client(Channel::resolved_by(ports, "users.prod").load_balancing(subset(size)));
        for _ in 0..20 {
            call(&client).await.unwrap();
        }
        let connections: usize = (1..=20).map(|port| network.connections(port)).sum();
        assert_eq!(connections, usize::min(size as usize, 20));
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_client_has_the_same_servers_and_another_has_others() {
    let ports = Ports(watch::Sender::new((1..=20).collect()));
    let reversed = Ports(watch::Sender::new((1..=20).rev().collect()));
    let first = chosen(&client(&ports, "pod-1")).await;
    assert_eq!(chosen(&client(&reversed, "pod-1")).await, first);
    assert_ne!(chosen(&client(&ports, "pod-2")).await, first);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_goes_changes_one_of_a_subset_at_most() {
    let ports = Ports(watch::Sender::new((1..=20).collect()));
    for n in 0..20_u16 {
        ports.0.send_replace((1..=20).collect());
        let client = client(&ports, &format!("pod-{n}"));
        let before = chosen(&client).await;
        ports.0.send_replace((1..=20).filter(|port| *port != n + 1).collect());
        let after = chosen(&client).await;
        let gone = address(n + 1).to_string();
        assert_eq!(before.difference(&after).count(), usize::from(before.contains(&gone)));
        assert_eq!(after.len(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn many_clients_use_all_servers_alike() {
    let ports = Ports(watch::Sender::new((1..=20).collect()));
    let mut clients = BTreeMap::new();
    for n in 0..400 {
        for server in chosen(&client(&ports, &format!("pod-{n}"))).await {
            *clients.entry(server).or_insert(0) += 1;
        }
    }
    // 100 each, and three standard deviations.
    assert!(clients.len() == 20 && clients.values().all(|n| (70..=130).contains(n)), "{clients:?}");
}

#[tokio::test(start_paused = true)]
async fn a_service_config_can_ask_for_a_subset_of_servers_that_are_judged() {
    let json = r#"{"loadBalancingConfig": [{"random_subsetting_experimental": {
        "subsetSize": 2,
        "childPolicy": [{"outlier_detection_experimental": {"failurePercentageEjection": {}}}]
    }}]}"#;
    let ports = Ports(watch::Sender::new((1..=20).collect()));
    let network = Network::new((1..=20).map(|port| (port, Host::Up)));
    let target = Channel::resolved_by(ports, "users.prod").connect_by(network);
    let balanced = target.service_config(ServiceConfig::from_json(json).unwrap()).balanced().unwrap();
    assert_eq!(chosen(&balanced).await.len(), 2);
    assert!(balanced.servers().iter().all(|(_, state)| *state == State::Ready));
}
