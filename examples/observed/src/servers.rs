//! The three servers. One is restarted now and then, another fails now and then, and the certificates of all are renewed.

use std::error::Error;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rgrpc::serve::{Listening, ServeError};
use rgrpc::tls::ServerTls;
use rgrpc::{CancellationToken, metrics};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::certificates::Certificates;
use crate::orders::Orders;
use crate::proto::orders::v1::order_service_server::OrderServiceServer;

/// The limit of connections per server, which is more than its regular clients need.
const MAX_CONNECTIONS: usize = 6;

struct Server {
    address: String,
    orders: Orders,
    end: CancellationToken,
    running: JoinHandle<()>,
}

pub struct Servers(Vec<Server>);

impl Server {
    async fn start(address: &str, certificates: &Certificates) -> Result<Self, ServeError> {
        let orders = Orders::default();
        let tls =
            ServerTls::from_files(certificates.chain(), certificates.key()).reload_interval(Duration::from_secs(1));
        let server = rgrpc::serve(address)
            .intercept(metrics::server())
            .tls(tls)
            .max_connections(MAX_CONNECTIONS)
            .drain(Duration::from_secs(1))
            .health()
            .service(OrderServiceServer::new(orders.clone()));
        let server: Listening = server.bind().await?;
        let (address, end) = (server.addresses()[0].to_string(), CancellationToken::new());
        let ended = end.clone();
        let running = tokio::spawn(async move {
            server.until(ended.cancelled_owned()).await;
        });
        Ok(Self { address, orders, end, running })
    }
}

impl Servers {
    pub async fn start(certificates: &Certificates) -> Result<Self, ServeError> {
        let mut servers = Vec::new();
        for _ in 0..3 {
            servers.push(Server::start("127.0.0.1:0", certificates).await?);
        }
        Ok(Self(servers))
    }

    pub fn addresses(&self) -> Vec<String> {
        self.0.iter().map(|server| server.address.clone()).collect()
    }

    /// Imitates the events of production, forever.
    pub async fn keep_changing(mut self, certificates: &Certificates) -> Result<(), Box<dyn Error>> {
        loop {
            sleep(Duration::from_secs(5)).await;
            certificates.renew()?;
            let sick = &self.0[2].orders.sick;
            sick.store(true, Ordering::Relaxed);
            sleep(Duration::from_secs(8)).await;
            sick.store(false, Ordering::Relaxed);
            let restarted = &mut self.0[1];
            restarted.end.cancel();
            let _ = (&mut restarted.running).await;
            sleep(Duration::from_secs(2)).await;
            *restarted = Server::start(&restarted.address, certificates).await?;
        }
    }
}
