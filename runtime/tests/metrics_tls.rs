//! Metrics of TLS, with a recorder for all threads.
#![cfg(all(feature = "metrics", feature = "balance", feature = "serve", feature = "tls-ring"))]

#[allow(dead_code)]
#[path = "serve/tls/authority.rs"]
mod authority;
mod support;

use std::future::pending;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use rgrpc::Channel;
use rgrpc::tls::{ClientTls, ServerTls};

use authority::{Authority, Files};
use support::user_v1::user_service_client::UserServiceClient;
use support::user_v1::user_service_server::UserServiceServer;
use support::{Users, request};

const SOON: Duration = Duration::from_millis(20);

fn value(prometheus: &PrometheusHandle, series: &str) -> f64 {
    let rendered = prometheus.render();
    let value = rendered.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    value.unwrap_or_else(|| panic!("no {series} in\n{rendered}")).parse().unwrap()
}

async fn becomes(prometheus: &PrometheusHandle, series: &str, expected: f64) {
    for _ in 0..1000 {
        if value(prometheus, series).total_cmp(&expected).is_eq() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{series} is {}, not {expected}", value(prometheus, series));
}

fn client(port: u16, trusted: &Authority) -> UserServiceClient {
    let tls = ClientTls::new().ca_certificates(trusted.pem.as_str());
    UserServiceClient::new(Channel::target(&format!("dns:///localhost:{port}")).tls(tls).channel().unwrap())
}

#[tokio::test]
async fn handshakes_reloads_and_the_end_of_certificates_are_counted() {
    let prometheus = PrometheusBuilder::new().install_recorder().unwrap();
    let (good, other) = (Authority::new(), Authority::new());
    let files = Files::new("metrics", &good.server());
    let tls = ServerTls::from_files(files.chain(), files.key()).reload_interval(SOON);
    let (users, events) = Users::new();
    drop(events);
    let server = rgrpc::serve("127.0.0.1:0").tls(tls).service(UserServiceServer::new(users)).bind().await.unwrap();
    let rgrpc::balance::Address::Tcp(address) = server.addresses()[0] else { panic!("no port") };
    tokio::spawn(server.until(pending()));

    client(address.port(), &good).get_user(request("7")).await.unwrap();
    client(address.port(), &other).get_user(request("7")).await.unwrap_err();
    for side in ["client", "server"] {
        for outcome in ["ok", "failed"] {
            let series = format!(r#"grpc_tls_handshakes_total{{side="{side}",outcome="{outcome}"}}"#);
            becomes(&prometheus, &series, 1.0).await;
        }
    }

    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    assert!(value(&prometheus, r#"grpc_tls_certificate_expiry_timestamp_seconds{side="server"}"#) > now);
    files.write(&other.server());
    becomes(&prometheus, r#"grpc_tls_reloads_total{side="server",outcome="ok"}"#, 1.0).await;
    std::fs::write(files.key(), "half").unwrap();
    becomes(&prometheus, r#"grpc_tls_reloads_total{side="server",outcome="failed"}"#, 1.0).await;
    client(address.port(), &other).get_user(request("7")).await.unwrap();
}
