//! The implementation of the catalog and the till.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rgrpc::{Request, Response, Status};
use sharing_api::proto::catalog::v1::catalog_service_server::CatalogService;
use sharing_api::proto::catalog::v1::{GetProductRequest, Product};
use sharing_common::proto::money::v1::Money;

use crate::proto::till::v1::Receipt;
use crate::proto::till::v1::till_service_server::TillService;

/// A shop that sells two products, and its current receipt.
#[derive(Debug, Default)]
pub struct Shop(Mutex<Receipt>);

impl CatalogService for Shop {
    async fn get_product(&self, request: Request<GetProductRequest>) -> Result<Response<Product>, Status> {
        let name = request.into_inner().name;
        let cents = match &*name {
            "tea" => 450,
            "cup" => 1200,
            _ => return Err(Status::not_found(format!("there is no `{name}`"))),
        };
        Ok(Response::new(Product { name, price: Some(euros(cents)) }))
    }
}

impl TillService for Shop {
    async fn scan(&self, request: Request<Product>) -> Result<Response<Money>, Status> {
        let product = request.into_inner();
        let mut receipt = self.receipt();
        let total = receipt.total.clone().unwrap_or_else(|| euros(0));
        let price = product.price.as_ref().ok_or_else(|| Status::invalid_argument("the product has no price"))?;
        let total = total.plus(price).ok_or_else(|| Status::invalid_argument("the price cannot be added"))?;
        receipt.products.push(product);
        receipt.total = Some(total.clone());
        Ok(Response::new(total))
    }

    async fn pay(&self, request: Request<Money>) -> Result<Response<Receipt>, Status> {
        let mut receipt = self.receipt();
        if receipt.total.as_ref() != Some(request.get_ref()) {
            return Err(Status::failed_precondition("the amount is not the total"));
        }
        Ok(Response::new(std::mem::take(&mut *receipt)))
    }
}

impl Shop {
    fn receipt(&self) -> MutexGuard<'_, Receipt> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn euros(cents: i64) -> Money {
    Money { currency_code: "EUR".to_owned(), cents }
}
