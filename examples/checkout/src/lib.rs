//! Sells an item: reserves it, charges the card, and cancels the reservation if that fails.

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

/// The largest number of attempts to charge the card.
const MAX_ATTEMPTS: u32 = 3;
/// The deadline of an attempt.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The pause between attempts, unless the error names one.
const DEFAULT_PAUSE: Duration = Duration::from_secs(1);

/// Sells items.
#[derive(Debug, Clone)]
pub struct Checkout {
    warehouse: WarehouseClient,
    payments: PaymentsClient,
}

impl Checkout {
    /// Creates a checkout that calls these services.
    #[must_use]
    pub fn new(warehouse: WarehouseClient, payments: PaymentsClient) -> Self {
        Self { warehouse, payments }
    }

    /// Sells `item` to the owner of `card`.
    ///
    /// # Errors
    ///
    /// Returns the error of the service that failed. The item is then no longer reserved.
    pub async fn buy(&self, item: &str, card: &str) -> Result<Receipt, Status> {
        let reservation = self.warehouse.reserve(ReserveRequest { item: item.into() }).await?.into_inner();
        let receipt = self.charge(&reservation, card).await;
        if receipt.is_err() {
            self.warehouse.release(reservation).await?;
        }
        receipt
    }

    /// Charges the card, and retries if the service is unavailable or too slow.
    async fn charge(&self, reservation: &Reservation, card: &str) -> Result<Receipt, Status> {
        let request = ChargeRequest { order: reservation.id.clone(), card: card.into() };
        let mut attempt = 1;
        loop {
            match self.payments.charge(request.clone()).timeout(TIMEOUT).await {
                Ok(receipt) => return Ok(receipt.into_inner()),
                Err(status) if attempt == MAX_ATTEMPTS || !is_temporary(&status) => return Err(status),
                Err(status) => sleep(pause(&status)).await,
            }
            attempt += 1;
        }
    }

    /// Returns the last step of a reservation.
    ///
    /// # Errors
    ///
    /// Returns the error of the warehouse.
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
    status.get_details_retry_info().and_then(|info| info.retry_delay).unwrap_or(DEFAULT_PAUSE)
}
