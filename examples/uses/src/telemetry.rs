//! Measurements of many devices: a store that is slow holds up those who send, and these drop what is least worth.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};

use rgrpc::{Request, Response, ServerStream, Status, Streaming, streaming};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;

use crate::proto::telemetry::v1::telemetry_client::TelemetryClient;
use crate::proto::telemetry::v1::telemetry_server::Telemetry;
use crate::proto::telemetry::v1::{Batch, Stored};

/// Batches that wait for the store, those of all devices together: beyond them, calls are not read any further, so that their
/// windows fill and the devices are held up. The server holds no more, however many send.
const WAITING: usize = 64;

/// Where measurements go.
pub trait Store: Send + 'static {
    /// Stores a batch.
    ///
    /// # Errors
    ///
    /// The status with which the device's call ends; it sends the batch again.
    fn store(&mut self, batch: Batch) -> impl Future<Output = Result<(), Status>> + Send;
}

/// The server: one task stores what all calls bring.
#[derive(Debug, Clone)]
pub struct Collector {
    waiting: mpsc::Sender<(Batch, oneshot::Sender<Result<(), Status>>)>,
}

impl Collector {
    /// Starts the task, which ends with the last clone of this.
    #[must_use]
    pub fn new(mut store: impl Store) -> Self {
        let (waiting, mut batches) = mpsc::channel::<(Batch, oneshot::Sender<_>)>(WAITING);
        tokio::spawn(async move {
            while let Some((batch, stored)) = batches.recv().await {
                // Nobody hears of a batch whose call has ended: it is sent again.
                _ = stored.send(store.store(batch).await);
            }
        });
        Self { waiting }
    }

    /// Passes on the batches of a call, and says of each that it is stored.
    async fn collect(
        self,
        mut batches: Streaming<Batch>,
        answers: mpsc::Sender<Result<Stored, Status>>,
    ) -> Result<(), Status> {
        while let Some(batch) = batches.message().await? {
            let (number, (done, stored)) = (batch.number, oneshot::channel());
            let ended = || Status::unavailable("the store has ended");
            self.waiting.send((batch, done)).await.map_err(|_| ended())?;
            // The device sends a batch that was not stored again, and those behind it: no more of them is stored by this call.
            stored.await.map_err(|_| ended())??;
            if answers.send(Ok(Stored { number })).await.is_err() {
                break;
            }
        }
        Ok(())
    }
}

impl Telemetry for Collector {
    async fn ingest(&self, request: Request<Streaming<Batch>>) -> Result<Response<impl ServerStream<Stored>>, Status> {
        let (answers, sent) = mpsc::channel(WAITING);
        let collector = self.clone();
        tokio::spawn(async move {
            if let Err(status) = collector.collect(request.into_inner(), answers.clone()).await {
                // Nobody hears it where the call has ended.
                _ = answers.send(Err(status)).await;
            }
        });
        Ok(Response::new(ReceiverStream::new(sent)))
    }
}

/// The client: what a device measures, until it is stored.
///
/// Measuring never waits. Of more batches than there is place for, the oldest are dropped, and counted.
#[derive(Debug, Clone)]
pub struct Device {
    queue: Arc<Mutex<Queue>>,
    changed: Arc<Notify>,
}

#[derive(Debug)]
struct Queue {
    /// Measured and not stored, in order; the first `sent` of them have been sent.
    batches: VecDeque<Batch>,
    sent: usize,
    places: usize,
    next: u64,
    dropped: u64,
}

impl Device {
    /// A device that keeps up to so many batches while the server does not take them.
    #[must_use]
    pub fn new(places: usize) -> Self {
        let queue = Queue { batches: VecDeque::new(), sent: 0, places, next: 1, dropped: 0 };
        Self { queue: Arc::new(Mutex::new(queue)), changed: Arc::default() }
    }

    /// Adds what was measured.
    pub fn measure(&self, values: Vec<f64>) {
        self.change(|queue| {
            let number = queue.next;
            queue.next += 1;
            queue.batches.push_back(Batch { number, values });
            // Those that were sent may be stored already, and the newest are worth most.
            if queue.batches.len() > queue.places && queue.sent < queue.batches.len() {
                queue.batches.remove(queue.sent);
                queue.dropped += 1;
            }
        });
        self.changed.notify_one();
    }

    /// How many batches wait to be stored, and how many were dropped.
    #[must_use]
    pub fn state(&self) -> (usize, u64) {
        self.change(|queue| (queue.batches.len(), queue.dropped))
    }

    /// Sends what is there and what comes, until the call ends; to be called again then.
    ///
    /// # Errors
    ///
    /// The status of the call. The next sends again whatever was not stored.
    pub async fn send(&self, telemetry: &TelemetryClient) -> Result<(), Status> {
        self.change(|queue| queue.sent = 0);
        let (mut requests, outgoing) = streaming::channel();
        let mut answers = telemetry.ingest(outgoing).start();
        let sending = async {
            loop {
                let Some(batch) = self.change(Queue::take) else {
                    self.changed.notified().await;
                    continue;
                };
                // This waits while the server does not read.
                if requests.send(batch).await.is_err() {
                    break;
                }
            }
            // How the call has ended is heard behind the answers.
            pending::<()>().await;
        };
        let hearing = async {
            while let Some(Stored { number }) = answers.message().await? {
                self.change(|queue| queue.stored(number));
            }
            Ok(())
        };
        tokio::select! {
            heard = hearing => heard,
            () = sending => Ok(()),
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Queue) -> T) -> T {
        change(&mut self.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Queue {
    /// The next batch to send.
    fn take(&mut self) -> Option<Batch> {
        let batch = self.batches.get(self.sent).cloned();
        self.sent += usize::from(batch.is_some());
        batch
    }

    fn stored(&mut self, number: u64) {
        while self.batches.front().is_some_and(|batch| batch.number <= number) {
            self.batches.pop_front();
            self.sent = self.sent.saturating_sub(1);
        }
    }
}
