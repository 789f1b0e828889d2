//! The clients, some of which give up early, overload the servers, or use a wrong method or protocol.

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use rgrpc::service_config::{
    FailurePercentage, HedgingPolicy, LoadBalancing, MethodConfig, OutlierDetection, RetryPolicy, ServiceConfig,
};
use rgrpc::tls::ClientTls;
use rgrpc::{Channel, Code, MethodDescriptor, metrics};
use tokio::sync::Mutex;
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;

use crate::proto::orders::v1::order_service_client::OrderServiceClient;
use crate::proto::orders::v1::order_service_methods::{PLACE, QUOTE};
use crate::proto::orders::v1::{Offer, PlaceRequest, QuoteRequest, WatchRequest};

/// The tasks that make calls.
pub struct Callers(Mutex<JoinSet<()>>);

impl Callers {
    /// Waits until a task ends, which only happens if it panics.
    pub async fn ended(&self) -> Option<Result<(), JoinError>> {
        self.0.lock().await.join_next().await
    }
}

fn config() -> ServiceConfig {
    let retries = RetryPolicy::new(3, [Code::Unavailable]);
    let retries = retries.with_backoff(Duration::from_millis(20), Duration::from_millis(200), 2.0);
    let hedging = HedgingPolicy::new(2, Duration::from_millis(50)).with_non_fatal([Code::Unavailable]);
    let timed = || MethodConfig::new().with_timeout(Duration::from_millis(140));
    ServiceConfig::new()
        .for_method(&PLACE, timed().with_retries(retries))
        .for_method(&QUOTE, timed().with_hedging(hedging))
}

fn outliers() -> LoadBalancing {
    let rules =
        FailurePercentage { threshold: 50, minimum_hosts: 2, request_volume: 10, ..FailurePercentage::default() };
    LoadBalancing::OutlierDetection(Box::new(OutlierDetection {
        interval: Duration::from_secs(1),
        base_ejection_time: Duration::from_secs(3),
        max_ejection_percent: 40,
        failure_percentage: Some(rules),
        child: LoadBalancing::RoundRobin,
        ..OutlierDetection::default()
    }))
}

/// Starts to call the servers at `addresses`, whose certificates `authority` has signed.
pub fn start(addresses: &[String], authority: &str) -> Result<Callers, Box<dyn Error>> {
    let target = |policy| {
        Channel::target(&format!("ipv4:{}", addresses.join(",")))
            .authority("localhost")
            .tls(ClientTls::new().ca_certificates(authority))
            .load_balancing(policy)
            .connection_backoff(Duration::from_millis(200), Duration::from_secs(1))
            .service_config(config())
            .max_calls_per_server(12)
    };
    let channel = target(outliers()).channel()?.intercept(metrics::client());
    let client = OrderServiceClient::new(channel.clone());
    let mut callers = JoinSet::new();
    for _ in 0..6 {
        callers.spawn(repeat(client.clone(), 10, place_or_quote));
    }
    callers.spawn(repeat(client.clone(), 200, stream));
    callers.spawn(repeat(client.clone(), 3000, crowd));
    callers.spawn(repeat(channel, 500, call_unknown_method));
    let without_tls = Channel::connect(format!("http://{}", addresses[0])).lazy()?;
    callers.spawn(repeat(OrderServiceClient::new(without_tls), 1000, place_or_quote));
    let first = addresses[0].clone();
    callers.spawn(repeat(first, 4000, connect_too_often));
    Ok(Callers(Mutex::new(callers)))
}

/// Calls `act` forever, with random pauses of about `pause` milliseconds.
async fn repeat<C: Clone, F: Future<Output = ()>>(client: C, pause: u64, act: impl Fn(C) -> F) {
    loop {
        act(client.clone()).await;
        sleep(Duration::from_millis(fastrand::u64(pause / 2..pause * 2))).await;
    }
}

// The functions below ignore the results of their calls, because the metrics record them.

async fn place_or_quote(client: OrderServiceClient) {
    let article = if fastrand::u32(0..20) == 0 { "" } else { "tea" };
    if fastrand::bool() {
        let _ = client.place(PlaceRequest { article: article.to_owned(), count: 1 }).await;
    } else {
        let _ = client.quote(QuoteRequest { article: article.to_owned() }).await;
    }
}

async fn stream(client: OrderServiceClient) {
    if let Ok(orders) = client.watch(WatchRequest {}).await {
        let mut orders = orders.into_inner();
        let wanted = fastrand::usize(1..20);
        for _ in 0..wanted {
            if !matches!(orders.message().await, Ok(Some(_))) {
                break;
            }
        }
    }
    let orders = (0..5).map(|count| PlaceRequest { article: "tea".to_owned(), count });
    let _ = client.import(tokio_stream::iter(orders)).await;
    if let Ok(offers) = client.negotiate(tokio_stream::iter([Offer { cents: 100 }, Offer { cents: 90 }])).await {
        let mut offers = offers.into_inner();
        while let Ok(Some(_)) = offers.message().await {}
    }
}

/// Makes more concurrent calls than the servers accept.
async fn crowd(client: OrderServiceClient) {
    let calls: Vec<_> = (0..60).map(|_| client.watch(WatchRequest {}).start()).collect();
    sleep(Duration::from_millis(50)).await;
    drop(calls);
}

async fn call_unknown_method(channel: Channel) {
    const CANCEL: MethodDescriptor = MethodDescriptor::unary("/orders.v1.OrderService/Cancel");
    let _ = channel.unary::<_, ()>(&CANCEL, ()).await;
}

async fn connect_too_often(address: String) {
    let mut connections = Vec::new();
    for _ in 0..8 {
        connections.extend(tokio::net::TcpStream::connect(&address).await.ok());
    }
    sleep(Duration::from_millis(200)).await;
}
