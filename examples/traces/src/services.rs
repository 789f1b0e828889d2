//! The three services. Tracing takes one call of `traces::setup`, and one interceptor each for server and client.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use rgrpc::serve::Serve;
use rgrpc::service_config::{MethodConfig, RetryPolicy, ServiceConfig};
use rgrpc::{Channel, Code, Request, Response, ServerStream, Status, traces};
use tokio::io::{AsyncReadExt, stdin};
use tokio_stream::StreamExt;

use crate::Error;
use crate::proto::shop::v1::orders_client::OrdersClient;
use crate::proto::shop::v1::orders_server::{Orders, OrdersServer};
use crate::proto::shop::v1::shop_server::{Shop, ShopServer};
use crate::proto::shop::v1::stock_client::StockClient;
use crate::proto::shop::v1::stock_server::{Stock, StockServer};
use crate::proto::shop::v1::{BuyRequest, Order, Progress, Receipt, Reservation};

/// Serves `service` until standard input ends, and prints its address. It exports spans to `collector`, and calls the service at `next`.
///
/// # Errors
///
/// Returns an error if the service is unknown, it cannot be served, or the collector does not accept its spans.
pub async fn serve(service: &str, collector: &str, next: &str) -> Result<(), Error> {
    let traces = traces::setup().json().otlp_to(service, collector).start()?;
    let server = rgrpc::serve("127.0.0.1:0").intercept(traces::server());
    let listening = with(server, service, next)?.bind().await?;
    println!("serving on {}", listening.addresses()[0]);
    listening.until(async { drop(stdin().read_to_end(&mut Vec::new()).await) }).await;
    Ok(traces.shutdown().await?)
}

fn with(server: Serve, service: &str, next: &str) -> Result<Serve, Error> {
    Ok(match service {
        "shop" => server.service(ShopServer::new(Front(OrdersClient::new(channel(next)?)))),
        "orders" => server.service(OrdersServer::new(Desk(StockClient::new(channel(next)?)))),
        "stock" => server.service(StockServer::new(Shelves::default())),
        _ => return Err(format!("unknown service `{service}`").into()),
    })
}

/// A channel that traces its calls, and retries those that fail with `UNAVAILABLE`.
fn channel(server: &str) -> Result<Channel, Error> {
    let retries = MethodConfig::new().with_retries(RetryPolicy::new(3, [Code::Unavailable]));
    let target = Channel::target(&format!("ipv4:{server}"));
    Ok(target.service_config(ServiceConfig::new().for_all(retries)).channel()?.intercept(traces::client()))
}

struct Front(OrdersClient);

impl Shop for Front {
    async fn buy(&self, request: Request<BuyRequest>) -> Result<Response<Receipt>, Status> {
        tracing::info!("a book is wanted");
        let BuyRequest { title, .. } = request.into_inner();
        let mut progress = self.0.place(Order { title }).await?.into_inner();
        let mut steps = Vec::new();
        while let Some(Progress { step }) = progress.message().await? {
            steps.push(step);
        }
        Ok(Response::new(Receipt { steps }))
    }
}

struct Desk(StockClient);

impl Orders for Desk {
    async fn place(&self, request: Request<Order>) -> Result<Response<impl ServerStream<Progress>>, Status> {
        let (order, stock) = (request.into_inner(), self.0.clone());
        // This runs after the method has returned, but is still part of the trace.
        let reserved = async move {
            tracing::info!("asking for the book");
            let Reservation { shelf } = stock.reserve(order).await?.into_inner();
            Ok(Progress { step: format!("found on {shelf}") })
        };
        let placed = tokio_stream::once(Ok(Progress { step: "placed".into() }));
        Ok(Response::new(Box::pin(placed.chain(tokio_stream::once(reserved).then(|reserved| reserved)))))
    }
}

#[derive(Default)]
struct Shelves {
    is_open: AtomicBool,
}

impl Stock for Shelves {
    async fn reserve(&self, _: Request<Order>) -> Result<Response<Reservation>, Status> {
        if !self.is_open.swap(true, Relaxed) {
            return Err(Status::unavailable("the stock opens"));
        }
        tracing::info!("the book is reserved");
        Ok(Response::new(Reservation { shelf: "shelf 7".into() }))
    }
}
