//! The checkout with mocks of the services that it calls, in paused time.

use std::time::Duration;

use checkout::Checkout;
use checkout::proto::shop::v1::payments_client::PaymentsClient;
use checkout::proto::shop::v1::warehouse_client::WarehouseClient;
use checkout::proto::shop::v1::{ChargeRequest, Progress, Receipt, Released, Reservation};
use rgrpc::error_details::{RetryInfo, StatusExt};
use rgrpc::testing::Mock;
use rgrpc::{Code, Response, Status};
use tokio::time::Instant;

fn reservation() -> Reservation {
    Reservation { id: "r1".into() }
}

fn receipt() -> Receipt {
    Receipt { id: "paid".into() }
}

/// A warehouse that has every item, payments without behavior yet, and a checkout that calls both.
fn shop() -> (Mock<WarehouseClient>, Mock<PaymentsClient>, Checkout) {
    let (warehouse, payments) = (Mock::<WarehouseClient>::new(), Mock::<PaymentsClient>::new());
    warehouse.on(WarehouseClient::reserve).returns(reservation());
    let checkout = Checkout::new(warehouse.client(), payments.client());
    (warehouse, payments, checkout)
}

#[tokio::test(start_paused = true)]
async fn a_paid_item_stays_reserved() {
    let (warehouse, payments, checkout) = shop();
    payments.on(PaymentsClient::charge).once().returns(receipt());
    assert_eq!(checkout.buy("book", "4711").await.unwrap(), receipt());
    assert_eq!(warehouse.calls(), ["Reserve"]);
    let charge = ChargeRequest { order: "r1".into(), card: "4711".into() };
    assert_eq!(payments.on(PaymentsClient::charge).requests(), [charge]);
}

#[tokio::test(start_paused = true)]
async fn the_reservation_is_canceled_if_the_card_is_declined() {
    let (warehouse, payments, checkout) = shop();
    payments.on(PaymentsClient::charge).answers(|request| async move {
        match request.get_ref().card.as_str() {
            "4711" => Ok(Response::new(receipt())),
            _ => Err(Status::permission_denied("not this card")),
        }
    });
    warehouse.on(WarehouseClient::release).once().returns(Released {});
    assert_eq!(checkout.buy("book", "0").await.unwrap_err().code(), Code::PermissionDenied);
    assert_eq!(warehouse.calls(), ["Reserve", "Release"]);
    assert_eq!(warehouse.on(WarehouseClient::release).requests(), [reservation()]);
    assert_eq!(payments.on(PaymentsClient::charge).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_unavailable_service_is_retried_after_the_pause_that_it_asks_for() {
    let (_warehouse, payments, checkout) = shop();
    let pause = RetryInfo::new(Some(Duration::from_secs(20)));
    let busy = Status::with_error_details_vec(Code::Unavailable, "busy", [pause.into()]);
    payments.on(PaymentsClient::charge).once().fails(Status::unavailable("restarting"));
    payments.on(PaymentsClient::charge).once().fails(busy);
    payments.on(PaymentsClient::charge).once().returns(receipt());
    let start = Instant::now();
    assert_eq!(checkout.buy("book", "4711").await.unwrap(), receipt());
    assert_eq!(start.elapsed().as_secs(), 1 + 20);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_fails_at_the_deadline() {
    let (warehouse, payments, checkout) = shop();
    payments.on(PaymentsClient::charge).times(3).hangs();
    warehouse.on(WarehouseClient::release).once().returns(Released {});
    let start = Instant::now();
    assert_eq!(checkout.buy("book", "4711").await.unwrap_err().code(), Code::DeadlineExceeded);
    assert!((16..=17).contains(&start.elapsed().as_secs()));
}

#[tokio::test(start_paused = true)]
async fn a_slow_service_is_waited_for() {
    let (_warehouse, payments, checkout) = shop();
    payments.on(PaymentsClient::charge).once().after(Duration::from_secs(4)).returns(receipt());
    checkout.buy("book", "4711").await.unwrap();
}

#[tokio::test]
async fn the_last_step_is_returned_unless_the_stream_breaks_off() {
    let (warehouse, _payments, checkout) = shop();
    let steps = ["packed", "on its way"].map(|step| Progress { step: step.into() });
    warehouse.on(WarehouseClient::track).once().streams(steps.clone());
    warehouse.on(WarehouseClient::track).once().breaks_off(steps, Status::unavailable("restarting"));
    assert_eq!(checkout.last_step(reservation()).await.unwrap().as_deref(), Some("on its way"));
    assert_eq!(checkout.last_step(reservation()).await.unwrap_err().code(), Code::Unavailable);
}
