//! Sells one item: sets it aside, takes the money, and puts it back if there is none.

use std::time::Duration;

use rgrpc::error_details::StatusExt;
use rgrpc::{Code, Status};
use tokio::time::sleep;

use proto::shop::v1::payments_client::PaymentsClient;
use proto::shop::v1::warehouse_client::WarehouseClient;
use proto::shop::v1::{ChargeRequest, Receipt, Reservation, ReserveRequest};

/// The generated code.
pub mod proto {
    rgrpc::include_protos!();
}

/// How often the card is charged, before the sale is given up.
const ATTEMPTS: u32 = 3;
/// How long one attempt takes at most.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long to wait before the next, unless the answer says it.
const PAUSE: Duration = Duration::from_secs(1);

/// Sells items.
#[derive(Debug, Clone)]
pub struct Checkout {
    warehouse: WarehouseClient,
    payments: PaymentsClient,
}

impl Checkout {
    /// A checkout that takes goods and money there.
    #[must_use]
    pub fn new(warehouse: WarehouseClient, payments: PaymentsClient) -> Self {
        Self { warehouse, payments }
    }

    /// Sells `item` to the owner of `card`.
    ///
    /// # Errors
    ///
    /// That of the service that refused; then nothing is set aside.
    pub async fn buy(&self, item: &str, card: &str) -> Result<Receipt, Status> {
        let reservation = self.warehouse.reserve(ReserveRequest { item: item.into() }).await?.into_inner();
        let paid = self.charge(&reservation, card).await;
        if paid.is_err() {
            self.warehouse.release(reservation).await?;
        }
        paid
    }

    /// Takes the money, again if the service is not there or too slow.
    async fn charge(&self, reservation: &Reservation, card: &str) -> Result<Receipt, Status> {
        let request = ChargeRequest { order: reservation.id.clone(), card: card.into() };
        let mut attempt = 1;
        loop {
            match self.payments.charge(request.clone()).timeout(PATIENCE).await {
                Ok(receipt) => return Ok(receipt.into_inner()),
                Err(status) if attempt == ATTEMPTS || !is_temporary(&status) => return Err(status),
                Err(status) => sleep(pause(&status)).await,
            }
            attempt += 1;
        }
    }

    /// The last step that `reservation` got to.
    ///
    /// # Errors
    ///
    /// That of the warehouse.
    pub async fn last_step(&self, reservation: Reservation) -> Result<Option<String>, Status> {
        let mut steps = self.warehouse.track(reservation).await?.into_inner();
        let mut last = None;
        while let Some(progress) = steps.message().await? {
            last = Some(progress.step);
        }
        Ok(last)
    }
}

fn is_temporary(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded)
}

fn pause(status: &Status) -> Duration {
    status.get_details_retry_info().and_then(|info| info.retry_delay).unwrap_or(PAUSE)
}
