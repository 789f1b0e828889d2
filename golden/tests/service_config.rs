//! Clients apply the service config that they were generated with, unless their channel has its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use golden::cases::service_config::bank::v1 as bank;
use golden::cases::service_config::shop::v1::orders_client::OrdersClient;
use golden::cases::service_config::shop::v1::orders_server::{Orders, OrdersServer};
use golden::cases::service_config::shop::v1::{Order, Receipt, SERVICE_CONFIG};
use rgrpc::service_config::{MethodConfig, ServiceConfig};
use rgrpc::{Channel, Code, Request, Response, Status};

/// A server that fails a number of calls first.
#[derive(Default)]
struct Flaky {
    failures: usize,
    attempts: Arc<AtomicUsize>,
}

impl Orders for Flaky {
    async fn place_order(&self, _: Request<Order>) -> Result<Response<Receipt>, Status> {
        let attempt = self.attempts.fetch_add(1, Ordering::Relaxed);
        if attempt < self.failures { Err(Status::unavailable("not yet")) } else { Ok(Response::new(Receipt { count: 1 })) }
    }
}

/// Returns the outcome of a call and its number of attempts, when a number of them fail.
async fn call(failures: usize, channel: impl Fn(Channel) -> Channel) -> (Code, usize) {
    let flaky = Flaky { failures, ..Flaky::default() };
    let attempts = flaky.attempts.clone();
    let client = OrdersClient::new(channel(Channel::new(OrdersServer::new(flaky))));
    let code = client.place_order(Order::default()).await.map_or_else(|status| status.code(), |_| Code::Ok);
    (code, attempts.load(Ordering::Relaxed))
}

#[tokio::test(start_paused = true)]
async fn a_client_retries_as_its_config_says() {
    let shipped = |channel| channel;
    assert_eq!(call(0, shipped).await, (Code::Ok, 1));
    assert_eq!(call(2, shipped).await, (Code::Ok, 3));
    assert_eq!(call(3, shipped).await, (Code::Unavailable, 3));
    assert_eq!(call(2, |channel| channel.retries(false)).await, (Code::Unavailable, 1));
}

#[tokio::test(start_paused = true)]
async fn the_config_of_the_channel_overrides_it_for_the_methods_that_it_mentions() {
    let own = MethodConfig::new().with_timeout(Duration::from_secs(60));
    let config = |service: &str| ServiceConfig::new().for_service(service, own.clone());
    assert_eq!(call(2, |channel| channel.service_config(config("shop.v1.Orders"))).await, (Code::Unavailable, 1));
    assert_eq!(call(2, |channel| channel.service_config(config("shop.v1.Stock"))).await, (Code::Ok, 3));
}

#[tokio::test(start_paused = true)]
async fn the_timeout_of_a_default_for_all_methods_counts() {
    struct Slow;
    impl bank::bank_server::Bank for Slow {
        async fn transfer(&self, _: Request<bank::Amount>) -> Result<Response<bank::Amount>, Status> {
            std::future::pending().await
        }
    }
    let client = bank::bank_client::BankClient::new(bank::bank_server::BankServer::new(Slow));
    let start = tokio::time::Instant::now();
    let status = client.transfer(bank::Amount::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    // The server, which receives the timeout in milliseconds, ends the call first.
    assert_eq!(start.elapsed().as_millis().div_ceil(10) * 10, 30_000);
}

#[test]
fn the_constant_is_the_config() {
    let config = ServiceConfig::from_json(SERVICE_CONFIG).unwrap();
    assert_eq!(config.retry_throttling().unwrap().max_tokens(), 10);
}
