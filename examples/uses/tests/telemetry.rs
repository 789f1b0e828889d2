//! Devices that measure faster than the store can store.

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rgrpc::{Channel, Status};
use tokio::sync::Semaphore;
use uses::proto::telemetry::v1::Batch;
use uses::proto::telemetry::v1::telemetry_client::TelemetryClient;
use uses::proto::telemetry::v1::telemetry_server::TelemetryServer;
use uses::telemetry::{Collector, Device, Store};

/// Stores one batch per permit, until it is full.
#[derive(Clone)]
struct Slow {
    permits: Arc<Semaphore>,
    stored: Arc<Mutex<Vec<u64>>>,
    capacity: Arc<AtomicUsize>,
}

impl Store for Slow {
    async fn store(&mut self, batch: Batch) -> Result<(), Status> {
        self.permits.acquire().await.map_err(|_| Status::internal("closed"))?.forget();
        if self.stored.lock().unwrap().len() == self.capacity.load(Ordering::Relaxed) {
            return Err(Status::unavailable("the disk is full"));
        }
        self.stored.lock().unwrap().push(batch.number);
        Ok(())
    }
}

fn store(capacity: usize) -> (Slow, TelemetryClient) {
    let (permits, capacity) = (Arc::new(Semaphore::new(0)), Arc::new(capacity.into()));
    let store = Slow { permits, stored: Arc::default(), capacity };
    let client = TelemetryClient::new(Channel::new(TelemetryServer::new(Collector::new(store.clone()))));
    (store, client)
}

/// Waits until a condition holds.
async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_keeps_the_newest_batches_while_the_store_is_slow() -> Result<(), Box<dyn Error>> {
    let (store, client) = store(1000);
    let device = Device::new(100);
    let sending = tokio::spawn({
        let device = device.clone();
        async move { device.send(&client).await }
    });
    for number in 0..1000 {
        device.measure(vec![f64::from(number)]);
        tokio::task::yield_now().await;
    }
    let (waiting, dropped) = device.state();
    assert_eq!((waiting, dropped), (100, 900));
    store.permits.add_permits(100);
    until(|| device.state().0 == 0).await;
    let stored = store.stored.lock().unwrap().clone();
    assert!(stored.is_sorted() && stored.len() == 100, "{stored:?}");
    assert_eq!(stored.last(), Some(&1000));
    sending.abort();
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn batches_that_were_not_stored_are_sent_again() -> Result<(), Box<dyn Error>> {
    let (store, client) = store(1);
    let device = Device::new(10);
    store.permits.add_permits(10);
    device.measure(vec![1.0]);
    device.measure(vec![2.0]);
    assert_eq!(device.send(&client).await.unwrap_err().message(), "the disk is full");
    assert_eq!((device.state(), store.stored.lock().unwrap().clone()), ((1, 0), vec![1]));
    store.capacity.store(10, Ordering::Relaxed);
    let sending = tokio::spawn({
        let device = device.clone();
        async move { device.send(&client).await }
    });
    until(|| device.state().0 == 0).await;
    assert_eq!(*store.stored.lock().unwrap(), [1, 2]);
    sending.abort();
    Ok(())
}

/// Fails to store one batch, once.
#[derive(Clone)]
struct Shaky {
    fails: Arc<Mutex<Option<u64>>>,
    stored: Arc<Mutex<Vec<u64>>>,
}

impl Store for Shaky {
    async fn store(&mut self, batch: Batch) -> Result<(), Status> {
        if self.fails.lock().unwrap().take_if(|number| *number == batch.number).is_some() {
            return Err(Status::unavailable("the disk is busy"));
        }
        self.stored.lock().unwrap().push(batch.number);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn no_batch_is_stored_before_an_earlier_one_that_failed() -> Result<(), Box<dyn Error>> {
    let store = Shaky { fails: Arc::new(Mutex::new(Some(2))), stored: Arc::default() };
    let client = TelemetryClient::new(Channel::new(TelemetryServer::new(Collector::new(store.clone()))));
    let device = Device::new(10);
    for value in [1.0, 2.0, 3.0] {
        device.measure(vec![value]);
    }
    assert_eq!(device.send(&client).await.unwrap_err().message(), "the disk is busy");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(*store.stored.lock().unwrap(), [1]);
    let sending = tokio::spawn({
        let device = device.clone();
        async move { device.send(&client).await }
    });
    until(|| device.state().0 == 0).await;
    assert_eq!(*store.stored.lock().unwrap(), [1, 2, 3]);
    sending.abort();
    Ok(())
}
