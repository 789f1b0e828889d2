//! Measurements of many devices: a slow store slows the senders down by flow control, and they drop their oldest batches.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rgrpc::{Request, Response, ServerStream, Status, Streaming, streaming};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;

use crate::proto::telemetry::v1::telemetry_client::TelemetryClient;
use crate::proto::telemetry::v1::telemetry_server::Telemetry;
use crate::proto::telemetry::v1::{Batch, Stored};

/// The largest number of batches that wait for the store. Beyond it, the server stops reading, so that flow control slows down the devices.
const MAX_WAITING: usize = 64;

/// The store of measurements.
pub trait Store: Send + 'static {
    /// Stores a batch.
    ///
    /// # Errors
    ///
    /// The returned status ends the call of the device, which sends the batch again.
    fn store(&mut self, batch: Batch) -> impl Future<Output = Result<(), Status>> + Send;
}

/// The server, in which one task stores the batches of all calls.
#[derive(Debug, Clone)]
pub struct Collector {
    waiting: mpsc::Sender<(Batch, oneshot::Sender<Result<(), Status>>)>,
}

impl Collector {
    /// Starts the task, which ends when the last clone of the collector is dropped.
    #[must_use]
    pub fn new(mut store: impl Store) -> Self {
        let (waiting, mut batches) = mpsc::channel::<(Batch, oneshot::Sender<_>)>(MAX_WAITING);
        tokio::spawn(async move {
            while let Some((batch, stored)) = batches.recv().await {
                // This fails if the call has ended. The device sends the batch again.
                _ = stored.send(store.store(batch).await);
            }
        });
        Self { waiting }
    }

    /// Stores the batches of a call, and acknowledges each.
    async fn collect(
        self,
        mut batches: Streaming<Batch>,
        acks: mpsc::Sender<Result<Stored, Status>>,
    ) -> Result<(), Status> {
        while let Some(batch) = batches.message().await? {
            let (number, (done, stored)) = (batch.number, oneshot::channel());
            let stopped = || Status::unavailable("the store has stopped");
            self.waiting.send((batch, done)).await.map_err(|_| stopped())?;
            // After a failure, this call stores nothing more, because the device sends this batch and the later ones again.
            stored.await.map_err(|_| stopped())??;
            if acks.send(Ok(Stored { number })).await.is_err() {
                break;
            }
        }
        Ok(())
    }
}

impl Telemetry for Collector {
    async fn ingest(&self, request: Request<Streaming<Batch>>) -> Result<Response<impl ServerStream<Stored>>, Status> {
        let (acks, receiver) = mpsc::channel(MAX_WAITING);
        let collector = self.clone();
        tokio::spawn(async move {
            if let Err(status) = collector.collect(request.into_inner(), acks.clone()).await {
                // This fails if the client is gone.
                _ = acks.send(Err(status)).await;
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

/// The client, which keeps batches until they are stored.
///
/// Measuring never waits. If there are more batches than the device can keep, the oldest are dropped and counted.
#[derive(Debug, Clone)]
pub struct Device {
    queue: Arc<Mutex<Queue>>,
    changed: Arc<Notify>,
}

#[derive(Debug)]
struct Queue {
    /// The batches that are not stored yet, in order. The first `sent` of them have been sent.
    batches: VecDeque<Batch>,
    sent: usize,
    capacity: usize,
    next_number: u64,
    dropped: u64,
}

impl Device {
    /// Creates a device that keeps up to `capacity` batches while the server does not accept them.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let queue = Queue { batches: VecDeque::new(), sent: 0, capacity, next_number: 1, dropped: 0 };
        Self { queue: Arc::new(Mutex::new(queue)), changed: Arc::default() }
    }

    /// Adds a batch of measured values.
    pub fn measure(&self, values: Vec<f64>) {
        self.queue().push(values);
        self.changed.notify_one();
    }

    /// Returns the number of batches that are not stored yet, and of those that were dropped.
    #[must_use]
    pub fn state(&self) -> (usize, u64) {
        let queue = self.queue();
        (queue.batches.len(), queue.dropped)
    }

    /// Sends present and future batches, until the call ends. Call this again then.
    ///
    /// # Errors
    ///
    /// Returns the status of the call. The next call sends the batches that were not stored again.
    pub async fn send(&self, telemetry: &TelemetryClient) -> Result<(), Status> {
        self.queue().sent = 0;
        let (mut requests, outgoing) = streaming::channel();
        let mut acks = telemetry.ingest(outgoing).start();
        let sending = async {
            loop {
                let batch = self.queue().next_unsent();
                let Some(batch) = batch else {
                    self.changed.notified().await;
                    continue;
                };
                // This waits while the server does not read.
                if requests.send(batch).await.is_err() {
                    break;
                }
            }
            // The call has ended. Its status comes after the acknowledgments.
            pending::<()>().await;
        };
        let receiving = async {
            while let Some(Stored { number }) = acks.message().await? {
                self.queue().remove_stored(number);
            }
            Ok(())
        };
        tokio::select! {
            result = receiving => result,
            () = sending => Ok(()),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn push(&mut self, values: Vec<f64>) {
        let number = self.next_number;
        self.next_number += 1;
        self.batches.push_back(Batch { number, values });
        // Drops the oldest batch that was not sent, because those that were sent may be stored already.
        if self.batches.len() > self.capacity && self.sent < self.batches.len() {
            self.batches.remove(self.sent);
            self.dropped += 1;
        }
    }

    fn next_unsent(&mut self) -> Option<Batch> {
        let batch = self.batches.get(self.sent).cloned();
        self.sent += usize::from(batch.is_some());
        batch
    }

    /// Removes all batches up to this one.
    fn remove_stored(&mut self, number: u64) {
        while self.batches.front().is_some_and(|batch| batch.number <= number) {
            self.batches.pop_front();
            self.sent = self.sent.saturating_sub(1);
        }
    }
}
