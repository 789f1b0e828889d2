//! Connections of channels. Source: gRFC A94.

use std::future::Future;
use std::time::Duration;

use opentelemetry::metrics::MeterProvider;
use rgrpc::Channel;
use rgrpc::balance::{Balanced, State};
use rgrpc::serve::Ended;
use rgrpc::tonic::transport::Endpoint;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::Recorded;
use crate::support::user_v1::user_service_client::UserServiceClient;
use crate::support::user_v1::user_service_server::UserServiceServer;
use crate::support::{Users, request};

/// A server, what tells it to end, and its address.
async fn server() -> (JoinHandle<Ended>, oneshot::Sender<()>, String) {
    let (users, events) = Users::new();
    drop(events);
    let server = rgrpc::serve("127.0.0.1:0").service(UserServiceServer::new(users)).bind().await.unwrap();
    let (address, (shutdown, told)) = (server.addresses()[0].to_string(), oneshot::channel());
    (tokio::spawn(server.until(async { _ = told.await })), shutdown, address)
}

fn channel(address: &str, sdk: &Recorded) -> (Balanced, UserServiceClient, String) {
    let name = format!("ipv4:{address}");
    let target = Channel::target(&name).meter(&sdk.provider.meter("rgrpc"));
    let balanced = target.connection_backoff(Duration::from_millis(10), Duration::from_millis(10)).balanced().unwrap();
    (balanced.clone(), UserServiceClient::new(Channel::new(balanced)), format!("grpc.target={name}"))
}

/// Waits until what was recorded of subchannels is `expected`, and nothing else.
async fn becomes(sdk: &Recorded, expected: &[(String, f64)]) {
    let mut found = Vec::new();
    for _ in 0..1000 {
        let points = sdk.points().into_iter().filter(|(name, _)| name.starts_with("grpc.subchannel."));
        found =
            points.map(|(name, point)| (name.trim_start_matches("grpc.subchannel.").to_owned(), point.sum)).collect();
        if found == expected {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
    panic!("{found:#?} is not {expected:#?}");
}

/// The record of a connection that ended as `because`.
fn ended(target: &str, because: &str) -> [(String, f64); 3] {
    [
        (format!("connection_attempts_succeeded {target}"), 1.0),
        (format!("disconnections grpc.disconnect_error={because} {target}"), 1.0),
        (format!("open_connections grpc.security_level=none {target}"), 0.0),
    ]
}

#[tokio::test]
async fn a_connection_is_open_until_the_channel_is_dropped() {
    let sdk = Recorded::new();
    let (_server, _shutdown, address) = server().await;
    let (balanced, client, target) = channel(&address, &sdk);
    client.get_user(request("7")).await.unwrap();
    let [succeeded, _, (open, _)] = ended(&target, "");
    becomes(&sdk, &[succeeded, (open, 1.0)]).await;
    drop((balanced, client));
    becomes(&sdk, &ended(&target, "subchannel shutdown")).await;
}

#[tokio::test]
async fn a_connection_to_one_server_is_recorded_too() {
    let sdk = Recorded::new();
    let (server, shutdown, address) = server().await;
    let uri = format!("http://{address}");
    let connect = || Channel::connect(uri.as_str()).meter(&sdk.provider.meter("rgrpc"));
    let target = format!("grpc.target={uri}");
    let [succeeded, _, (open, _)] = ended(&target, "");
    let channel = connect().await.unwrap();
    becomes(&sdk, &[succeeded, (open, 1.0)]).await;
    drop(channel);
    becomes(&sdk, &ended(&target, "subchannel shutdown")).await;
    shutdown.send(()).unwrap();
    server.await.unwrap();
    connect().await.unwrap_err();
    let failed = &sdk.points()[&format!("grpc.subchannel.connection_attempts_failed {target}")];
    assert!(failed.sum.total_cmp(&1.0).is_eq(), "{}", failed.sum);
}

#[tokio::test]
async fn connections_of_an_endpoint_are_refused_instead_of_not_recorded() {
    let sdk = Recorded::new();
    let endpoint = Endpoint::from_static("http://127.0.0.1:1");
    let error = Channel::connect(endpoint).meter(&sdk.provider.meter("rgrpc")).lazy().unwrap_err().to_string();
    assert!(error.contains("the connections of an `Endpoint` cannot be recorded"), "{error}");
}

#[tokio::test]
async fn a_server_that_drains_is_told_by_its_goaway() {
    let sdk = Recorded::new();
    let (server, shutdown, address) = server().await;
    let (_balanced, client, target) = channel(&address, &sdk);
    client.get_user(request("7")).await.unwrap();
    shutdown.send(()).unwrap();
    server.await.unwrap();
    becomes(&sdk, &ended(&target, "GOAWAY NO_ERROR")).await;
}

/// Serves one connection by nothing but HTTP/2's settings, and ends it as `end` does.
async fn ends<F: Future<Output = ()>>(end: impl FnOnce(tokio::net::TcpStream) -> F, because: &str) {
    let sdk = Recorded::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (balanced, _client, target) = channel(&listener.local_addr().unwrap().to_string(), &sdk);
    balanced.connect();
    let (mut socket, _) = listener.accept().await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut socket, &[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
    while balanced.state() != State::Ready {
        sleep(Duration::from_millis(5)).await;
    }
    end(socket).await;
    becomes(&sdk, &ended(&target, because)).await;
}

#[tokio::test]
async fn the_end_of_a_byte_stream_has_its_reason() {
    // Every code that RFC 9113 does not have is one value: a server may make up 4 billion of them.
    for (code, because) in [(11, "GOAWAY ENHANCE_YOUR_CALM"), (13, "GOAWAY HTTP_1_1_REQUIRED"), (14, "GOAWAY UNKNOWN")]
    {
        let goaway = async |mut socket| {
            let goaway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, code];
            tokio::io::AsyncWriteExt::write_all(&mut socket, &goaway).await.unwrap();
            sleep(Duration::from_millis(100)).await;
        };
        ends(goaway, because).await;
    }
    ends(async |socket| socket.set_zero_linger().unwrap(), "connection reset").await;
    ends(async |socket| drop(socket), "connection reset").await;
}

#[tokio::test]
async fn attempts_that_fail_are_recorded() {
    let sdk = Recorded::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let (_balanced, client, target) = channel(&address, &sdk);
    client.get_user(request("7")).await.unwrap_err();
    let failed = sdk.points()[&format!("grpc.subchannel.connection_attempts_failed {target}")].sum;
    assert!(failed >= 1.0, "{failed}");
}
