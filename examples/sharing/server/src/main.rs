//! Starts the shop on a free loopback port, buys something, and prints the receipt.

use std::error::Error;
use std::sync::Arc;

use rgrpc::Channel;
use rgrpc::tonic::transport::Server;
use rgrpc::tonic::transport::server::TcpIncoming;
use sharing_api::proto::catalog::v1::GetProductRequest;
use sharing_api::proto::catalog::v1::catalog_service_client::CatalogServiceClient;
use sharing_api::proto::catalog::v1::catalog_service_server::CatalogServiceServer;
use sharing_server::Shop;
use sharing_server::proto::till::v1::till_service_client::TillServiceClient;
use sharing_server::proto::till::v1::till_service_server::TillServiceServer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?.with_nodelay(Some(true));
    let address = incoming.local_addr()?;
    let shop = Arc::new(Shop::default());
    let server = Server::builder()
        .add_service(CatalogServiceServer::from_arc(shop.clone()))
        .add_service(TillServiceServer::from_arc(shop));
    tokio::spawn(server.serve_with_incoming(incoming));

    let channel = Channel::connect(format!("http://{address}")).await?;
    let (catalog, till) = (CatalogServiceClient::new(channel.clone()), TillServiceClient::new(channel));
    let mut total = None;
    for name in ["tea", "cup"] {
        let product = catalog.get_product(GetProductRequest { name: name.to_owned() }).await?.into_inner();
        total = Some(till.scan(product).await?.into_inner());
    }
    let receipt = till.pay(total.unwrap_or_default()).await?.into_inner();
    for product in receipt.products {
        println!("{}: {:?}", product.name, product.price.unwrap_or_default());
    }
    println!("total: {:?}", receipt.total.unwrap_or_default());
    Ok(())
}
