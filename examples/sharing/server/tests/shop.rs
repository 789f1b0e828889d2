//! The types of one crate, in the messages of a second and the methods of a third, are the same Rust types, and generated once.

use std::fs;
use std::sync::Arc;

use rgrpc::{Code, Status};
use sharing_api::proto::catalog::v1::GetProductRequest;
use sharing_api::proto::catalog::v1::catalog_service_client::CatalogServiceClient;
use sharing_api::proto::catalog::v1::catalog_service_server::CatalogServiceServer;
use sharing_common::proto::money::v1::Money;
use sharing_server::Shop;
use sharing_server::proto::till::v1::till_service_client::TillServiceClient;
use sharing_server::proto::till::v1::till_service_server::TillServiceServer;

#[tokio::test]
async fn a_product_of_the_api_is_scanned_and_paid_with_common_money() -> Result<(), Status> {
    let shop = Arc::new(Shop::default());
    let catalog = CatalogServiceClient::new(CatalogServiceServer::from_arc(shop.clone()));
    let till = TillServiceClient::new(TillServiceServer::from_arc(shop));

    let tea = catalog.get_product(GetProductRequest { name: "tea".to_owned() }).await?.into_inner();
    let price: Money = tea.price.clone().unwrap();
    let total: Money = till.scan(tea.clone()).await?.into_inner();
    assert_eq!(total, price);
    assert_eq!(till.pay(Money::default()).await.unwrap_err().code(), Code::FailedPrecondition);
    let receipt = till.pay(total).await?.into_inner();
    assert_eq!((receipt.products, receipt.total), (vec![tea], Some(price)));
    Ok(())
}

#[test]
fn each_crate_generates_only_its_own_package() {
    let files = fs::read_dir(env!("OUT_DIR")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = files.collect();
    files.sort();
    assert_eq!(files, [".mod.rs.rgrpc", "mod.rs", "till.v1.rs"]);
}
