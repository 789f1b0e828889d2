//! Metrics of the connections of `rgrpc::serve`, `Channel::connect` and `Channel::target`.

use std::future::IntoFuture;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rgrpc::serve::Listen;
use rgrpc::service_config::{FailurePercentage, LoadBalancing, OutlierDetection};
use rgrpc::{Channel, Code, MethodDescriptor, metrics};
use tokio::io::DuplexStream;
use tokio::task::JoinHandle;
use tokio_stream::StreamExt;

use crate::Recorded;
use crate::support::user_v1::user_service_client::UserServiceClient;
use crate::support::user_v1::user_service_server::UserServiceServer;
use crate::support::{Users, request};

/// A server, at an address of its own.
async fn server(limit: usize) -> (String, JoinHandle<()>) {
    server_at(([127, 0, 0, 1], 0).into(), limit).await
}

async fn server_at(address: SocketAddr, limit: usize) -> (String, JoinHandle<()>) {
    let (users, events) = Users::new();
    drop(events);
    let server = rgrpc::serve(address)
        .intercept(metrics::server())
        .max_connections(limit)
        .health()
        .service(UserServiceServer::new(users));
    let server = server.bind().await.unwrap();
    let address = server.addresses()[0].to_string();
    (address, tokio::spawn(async { _ = server.until(std::future::pending()).await }))
}

#[tokio::test]
async fn connections_of_clients_are_counted_and_those_over_the_limit() {
    let recorded = Recorded::new();
    let (address, _server) = server(1).await;
    let channel = || Channel::connect(format!("http://{address}")).into_future();
    let first = channel().await.unwrap();
    UserServiceClient::new(first.clone()).get_user(request("7")).await.unwrap();
    recorded.becomes("grpc_server_connections", "1").await;
    let second = Channel::connect(format!("http://{address}")).lazy().unwrap();
    UserServiceClient::new(second).get_user(request("7")).await.unwrap_err();
    assert_eq!(recorded.value(r#"grpc_server_connections_total{outcome="accepted"}"#), "1");
    assert_ne!(recorded.value(r#"grpc_server_connections_total{outcome="refused"}"#), "0");
    drop(first);
    recorded.becomes("grpc_server_connections", "0").await;
}

#[tokio::test(start_paused = true)]
async fn connections_that_cannot_be_accepted_are_counted() {
    let recorded = Recorded::new();
    // EMFILE.
    let failing = tokio_stream::iter([24; 3]).map(|error| Err::<DuplexStream, _>(io::Error::from_raw_os_error(error)));
    let server = rgrpc::serve(Listen::connections(failing)).service(UserServiceServer::new(Users::new().0));
    server.until(std::future::pending()).await.unwrap();
    assert_eq!(recorded.value(r#"grpc_server_connections_total{outcome="failed"}"#), "3");
}

#[tokio::test]
async fn connections_of_a_channel_to_one_server_are_counted_under_the_names_of_those_to_many() {
    let recorded = Recorded::new();
    let (address, running) = server(9).await;
    let name = format!("http://{address}");
    let of_target = |metric: &str, labels: &str| format!(r#"grpc_client_{metric}{{grpc_target="{name}"{labels}}}"#);
    let (established, failed) = (r#",outcome="established""#, r#",outcome="failed""#);
    let client = UserServiceClient::new(Channel::connect(name.as_str()).await.unwrap());
    client.get_user(request("7")).await.unwrap();
    recorded.becomes(&of_target("connections_total", established), "1").await;
    assert_eq!(recorded.value(&of_target("disconnections_total", "")), "0");
    assert_eq!(recorded.value(&of_target("connections_total", failed)), "0");

    running.abort();
    let _ = running.await;
    recorded.becomes(&of_target("disconnections_total", ""), "1").await;
    client.get_user(request("7")).await.unwrap_err();
    recorded.becomes(&of_target("connections_total", failed), "1").await;

    let (again, _server) = server_at(address.parse().unwrap(), 9).await;
    assert_eq!(again, address);
    client.get_user(request("7")).await.unwrap();
    recorded.becomes(&of_target("connections_total", established), "2").await;
    drop(client);
    recorded.becomes(&of_target("disconnections_total", ""), "2").await;
}

#[tokio::test]
async fn calls_of_unknown_services_are_other_and_health_is_known() {
    const UNKNOWN: MethodDescriptor = MethodDescriptor::unary("/made.up.Service/Method");
    const CHECK: MethodDescriptor = MethodDescriptor::unary("/grpc.health.v1.Health/Check");
    let recorded = Recorded::new();
    let (address, _server) = server(9).await;
    let channel = Channel::connect(format!("http://{address}")).await.unwrap();
    channel.unary::<_, ()>(&UNKNOWN, ()).await.unwrap_err();
    channel.unary::<(), ()>(&CHECK, ()).await.map(drop).unwrap();
    let counted = recorded.counted("grpc_server_started_total", &[]);
    let expected = [
        r#"{grpc_type="other",grpc_service="other",grpc_method="other"} 1"#,
        r#"{grpc_type="unary",grpc_service="grpc.health.v1.Health",grpc_method="Check"} 1"#,
    ];
    assert_eq!(counted, expected);
}

#[tokio::test]
async fn the_servers_of_a_channel_are_counted_by_their_states() {
    let recorded = Recorded::new();
    let (first, server_of_first) = server(9).await;
    let (second, _server) = server(9).await;
    let name = format!("ipv4:{first},{second}");
    let target = Channel::target(&name).load_balancing(LoadBalancing::RoundRobin).max_calls_per_server(1);
    let balanced = target.balanced().unwrap();
    balanced.connect();
    let servers = |state: &str| format!(r#"grpc_client_servers{{grpc_target="{name}",state="{state}"}}"#);
    let of_target = |metric: &str, labels: &str| format!(r#"grpc_client_{metric}{{grpc_target="{name}"{labels}}}"#);
    while balanced.servers().iter().filter(|(_, state)| *state == rgrpc::balance::State::Ready).count() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    recorded.becomes(&servers("ready"), "2").await;
    let client = UserServiceClient::new(Channel::new(balanced));
    for _ in 0..4 {
        client.get_user(request("7")).await.unwrap();
    }
    assert_eq!(recorded.value(&of_target("picks_total", r#",outcome="sent""#)), "4");
    assert_eq!(recorded.value(&of_target("connections_total", r#",outcome="established""#)), "2");
    let hanging: Vec<_> = [(); 2].map(|()| client.list_users(request("hang")).start()).into();
    let status = client.get_user(request("7")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(recorded.value(&of_target("picks_total", r#",outcome="shed""#)), "1");
    drop(hanging);
    server_of_first.abort();
    recorded.becomes(&servers("ready"), "1").await;
    recorded.becomes(&of_target("disconnections_total", ""), "1").await;
    recorded.becomes(&servers("transient_failure"), "1").await;
    assert_ne!(recorded.value(&of_target("connections_total", r#",outcome="failed""#)), "0");
    drop(client);
    recorded.becomes(&servers("ready"), "0").await;
    recorded.becomes(&servers("transient_failure"), "0").await;
}

#[tokio::test]
async fn servers_that_are_left_out_are_counted() {
    let recorded = Recorded::new();
    let (first, _first) = server(9).await;
    let (second, _second) = server(9).await;
    let name = format!("ipv4:{first},{second}");
    let rules =
        FailurePercentage { minimum_hosts: 1, request_volume: 2, threshold: 50, ..FailurePercentage::default() };
    let outliers = OutlierDetection {
        interval: Duration::from_millis(100),
        max_ejection_percent: 50,
        failure_percentage: Some(rules),
        ..OutlierDetection::default()
    };
    let target = Channel::target(&name).load_balancing(LoadBalancing::OutlierDetection(Box::new(outliers)));
    let client = UserServiceClient::new(target.channel().unwrap());
    let ejected = format!(r#"grpc_client_ejected_servers{{grpc_target="{name}"}}"#);
    while client.get_user(request("")).await.is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
        if recorded.samples().contains(&format!("{ejected} 1")) {
            break;
        }
    }
    assert_eq!(recorded.value(&format!(r#"grpc_client_ejections_total{{grpc_target="{name}"}}"#)), "1");
}

#[tokio::test]
async fn calls_that_reach_no_server_are_counted() {
    let recorded = Recorded::new();
    let (address, server) = server(9).await;
    server.abort();
    let _ = server.await;
    let name = format!("ipv4:{address}");
    let client = UserServiceClient::new(Channel::target(&name).channel().unwrap());
    client.get_user(request("7")).await.unwrap_err();
    let failed = format!(r#"grpc_client_picks_total{{grpc_target="{name}",outcome="failed"}}"#);
    assert_eq!(recorded.value(&failed), "1");
}
