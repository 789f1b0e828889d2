//! A service that is sometimes slow and sometimes fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rgrpc::{Request, Response, ServerStream, Status, Streaming};
use tokio::time::sleep;
use tokio_stream::StreamExt;

use crate::proto::orders::v1::order_service_server::OrderService;
use crate::proto::orders::v1::{ImportSummary, Offer, Order, PlaceRequest, QuoteRequest, WatchRequest};

/// An implementation that fails most calls while it is `sick`.
#[derive(Clone, Default)]
pub struct Orders {
    pub sick: Arc<AtomicBool>,
}

impl Orders {
    async fn order(&self, article: &str) -> Result<Response<Order>, Status> {
        let slow = fastrand::u32(0..100) < 2;
        sleep(Duration::from_millis(if slow { 150 } else { fastrand::u64(1..8) })).await;
        let dice = fastrand::u32(0..1000);
        match dice {
            _ if self.sick.load(Ordering::Relaxed) && dice < 800 => Err(Status::unavailable("sick")),
            0..5 => Err(Status::internal("a bug")),
            5..25 => Err(Status::unavailable("busy")),
            _ if article.is_empty() => Err(Status::not_found("no such article")),
            _ => Ok(Response::new(Order {
                id: article.to_owned(),
                cents: 100,
                label: vec![0; fastrand::usize(0..2000)],
            })),
        }
    }
}

impl OrderService for Orders {
    async fn place(&self, request: Request<PlaceRequest>) -> Result<Response<Order>, Status> {
        self.order(&request.get_ref().article).await
    }

    async fn quote(&self, request: Request<QuoteRequest>) -> Result<Response<Order>, Status> {
        self.order(&request.get_ref().article).await
    }

    async fn watch(&self, _: Request<WatchRequest>) -> Result<Response<impl ServerStream<Order>>, Status> {
        let orders = (0..10).map(|n| Ok(Order { id: n.to_string(), ..Order::default() }));
        Ok(Response::new(tokio_stream::iter(orders).throttle(Duration::from_millis(50))))
    }

    async fn import(&self, request: Request<Streaming<PlaceRequest>>) -> Result<Response<ImportSummary>, Status> {
        let mut requests = request.into_inner();
        let mut placed = 0;
        while let Some(request) = requests.message().await? {
            placed += request.count;
        }
        Ok(Response::new(ImportSummary { placed }))
    }

    async fn negotiate(
        &self,
        request: Request<Streaming<Offer>>,
    ) -> Result<Response<impl ServerStream<Offer>>, Status> {
        let halve = |offer: Result<Offer, Status>| offer.map(|offer| Offer { cents: offer.cents / 2 });
        Ok(Response::new(request.into_inner().map(halve)))
    }
}
