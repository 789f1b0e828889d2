//! The servers of a channel follow the records of a name server.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use discovery::Dns;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use rgrpc::Channel;
use rgrpc::balance::Balanced;
use rgrpc::service_config::LoadBalancing;
use tokio::net::UdpSocket;

/// The IPv4 addresses of every name.
type Records = Arc<Mutex<Vec<Ipv4Addr>>>;

/// Starts a name server that answers every IPv4 query with `records`, with a TTL of one second, and returns its port.
async fn name_server(records: Records) -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let port = socket.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut buffer = [0; 512];
        loop {
            let (length, client) = socket.recv_from(&mut buffer).await.unwrap();
            let answer = answer(&buffer[..length], &records.lock().unwrap());
            socket.send_to(&answer, client).await.unwrap();
        }
    });
    port
}

/// A response by RFC 1035, section 4.1: the header, the question, and one record per address, whose name points to that of the question.
fn answer(query: &[u8], records: &[Ipv4Addr]) -> Vec<u8> {
    const HEADER: usize = 12;
    let name_end = HEADER + query[HEADER..].iter().position(|byte| *byte == 0).unwrap() + 1;
    let question = &query[HEADER..name_end + 4];
    let asks_for_ipv4 = question[question.len() - 4..] == [0, 1, 0, 1];
    let records = if asks_for_ipv4 { records } else { &[] };
    let count = u8::try_from(records.len()).unwrap();
    let head = [query[0], query[1], 0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0];
    let record = |ip: &Ipv4Addr| [&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4][..], &ip.octets()].concat();
    [&head[..], question, &records.iter().flat_map(record).collect::<Vec<_>>()].concat()
}

/// A resolver that uses the name server at `port` of this machine.
fn resolver(port: u16) -> TokioResolver {
    let mut server = NameServerConfig::udp(Ipv4Addr::LOCALHOST.into());
    server.connections[0].port = port;
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
    TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()).build().unwrap()
}

/// Waits until the channel has the expected servers.
async fn becomes(balanced: &Balanced, expected: &[&str]) {
    let mut servers = Vec::new();
    for _ in 0..100 {
        servers = balanced.servers().into_iter().map(|(endpoint, _)| endpoint.addresses()[0].to_string()).collect();
        servers.sort_unstable();
        if servers == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{servers:?}, not {expected:?}");
}

#[tokio::test]
async fn the_servers_are_looked_up_again_when_the_records_expire() {
    let records = Records::default();
    *records.lock().unwrap() = vec![Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 0, 0, 2)];
    let port = name_server(records.clone()).await;
    let dns = Dns::new(resolver(port), "users.test.", 50051);
    let balanced =
        Channel::resolved_by(dns, "users.test").load_balancing(LoadBalancing::RoundRobin).balanced().unwrap();
    balanced.connect();
    becomes(&balanced, &["127.0.0.1:50051", "127.0.0.2:50051"]).await;
    *records.lock().unwrap() = vec![Ipv4Addr::new(127, 0, 0, 2), Ipv4Addr::new(127, 0, 0, 3)];
    becomes(&balanced, &["127.0.0.2:50051", "127.0.0.3:50051"]).await;
}
