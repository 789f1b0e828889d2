//! Measures unary calls of the same stubs over rgrpc's connections, by `Channel::connect` and `Channel::target`, and over tonic's `Channel`, to
//! one server and to three, and the cost of a service config for a call that it does not mention.

use std::error::Error;
use std::net::SocketAddr;

use bench::echo::{Echo, blob};
use bench::proto::bench::v1::echo_client::EchoClient;
use bench::proto::bench::v1::echo_server::EchoServer;
use rgrpc::Channel;
use rgrpc::service_config::{LoadBalancing, MethodConfig, ServiceConfig};
use tokio::runtime::Builder;
use tonic::transport::{Channel as TonicChannel, Endpoint, Server};

use crate::compare::{Goal, Row, alternate};
use crate::loopback::listen;
use crate::loopback::measure::measure;
use crate::process::processor_time;
use crate::report;

pub(crate) fn run(rounds: usize) -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let addresses = runtime.block_on(async {
        let mut addresses = Vec::new();
        for _ in 0..3 {
            addresses.push(listen(Server::builder().add_service(EchoServer::new(Echo))).await?);
        }
        Ok::<_, Box<dyn Error>>(addresses)
    })?;
    let mut rows = Vec::new();
    let connected = || Ok(Channel::connect(format!("http://{}", addresses[0])).lazy()?);
    for (way, servers, least, ours) in
        [("connect, ", 1, 1.1, connected()), ("", 1, 1.1, ours(&addresses[..1])), ("", 3, 1.0, ours(&addresses))]
    {
        let (ours, theirs) = {
            let _guard = runtime.enter();
            (EchoClient::new(ours?), EchoClient::new(theirs(&addresses[..servers])?))
        };
        for in_flight in [1, 16, 64] {
            let calls_per_second = |client: &EchoClient| [measure(&runtime, client, &format!("unary {in_flight}"))[0]];
            let [figures] = alternate(rounds, || calls_per_second(&ours), || calls_per_second(&theirs));
            let what = format!("{way}{servers} server{}, {in_flight} in flight", if servers == 1 { "" } else { "s" });
            let goal = if in_flight == 1 { Goal::None } else { Goal::AtLeast(least) };
            rows.push(Row { what, unit: "calls/s", goal, figures });
        }
    }
    let configured = [config(rounds)?];
    Ok(report::write("target", &[("tonic", &rows), ("no config", &configured)])?)
}

fn ours(addresses: &[SocketAddr]) -> Result<Channel, Box<dyn Error>> {
    let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    let target = Channel::target(&format!("ipv4:{}", addresses.join(",")));
    Ok(target.load_balancing(LoadBalancing::RoundRobin).channel()?)
}

/// A connection of tonic's, or its balancer for several servers.
fn theirs(addresses: &[SocketAddr]) -> Result<Channel, Box<dyn Error>> {
    let endpoints = addresses.iter().map(|address| Endpoint::from_shared(format!("http://{address}")));
    let endpoints = endpoints.collect::<Result<Vec<_>, _>>()?;
    Ok(Channel::new(match endpoints.as_slice() {
        [one] => one.connect_lazy(),
        all => TonicChannel::balance_list(all.iter().cloned()),
    }))
}

/// The cost in CPU time of this thread, of calls in process, where nothing hides it.
fn config(rounds: usize) -> Result<Row, Box<dyn Error>> {
    const CALLS: u32 = 20_000;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let config = ServiceConfig::new().for_service("bench.v1.Echo", MethodConfig::new());
    let plain = Channel::new(EchoServer::new(Echo));
    let client = |channel| EchoClient::new(channel);
    let (with, without) = (client(plain.clone().service_config(config)), client(plain));
    let nanoseconds = |client: &EchoClient| {
        let took = processor_time(|| {
            runtime.block_on(async {
                for _ in 0..CALLS {
                    client.once(blob(0)).await.expect("the server answers");
                }
            });
        });
        [took.as_secs_f64() * 1e9 / f64::from(CALLS)]
    };
    let [figures] = alternate(rounds, || nanoseconds(&with), || nanoseconds(&without));
    println!("a config without a policy: {:.0} ns a call", figures.ours - figures.theirs);
    Ok(Row { what: "a config without a policy, in process".to_owned(), unit: "ns", goal: Goal::None, figures })
}
