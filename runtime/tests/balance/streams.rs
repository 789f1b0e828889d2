//! Many streams at once.

use rgrpc::Channel;
use rgrpc::service_config::LoadBalancing;
use tokio::task::JoinSet;

use crate::network::{Host, Network, call};
use crate::user_v1::GetUserRequest;

#[tokio::test]
async fn ten_thousand_streams_run_at_once_over_three_servers() {
    const STREAMS: usize = 10_000;
    let network = Network::new([(1, Host::Up), (2, Host::Up), (3, Host::Up)]);
    let target = Channel::target("ipv4:10.0.0.1:1,10.0.0.1:2,10.0.0.1:3");
    let client = network.client(target.load_balancing(LoadBalancing::RoundRobin));
    while network.connections(1) + network.connections(2) + network.connections(3) < 3 {
        call(&client).await.unwrap();
    }
    call(&client).await.unwrap();
    let mut opening = JoinSet::new();
    for _ in 0..STREAMS {
        let client = client.clone();
        opening.spawn(async move {
            let request = GetUserRequest { user_id: "wait".into() };
            let mut users = client.list_users(request).await.unwrap().into_inner();
            assert!(users.message().await.unwrap().is_some());
            users
        });
    }
    let open = opening.join_all().await;
    let waiting: Vec<_> = network.waiting_streams().into_values().collect();
    assert_eq!(waiting.iter().sum::<usize>(), STREAMS);
    assert!(waiting.iter().all(|streams| [3333, 3334].contains(streams)), "{waiting:?}");
    network.release_streams();
    for mut users in open {
        assert!(users.message().await.unwrap().is_some());
        assert!(users.message().await.unwrap().is_none());
    }
}
