//! A feed of quotes: watchers that lose their connection resume without gaps or duplicates.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use rgrpc::{Code, Request, Response, ServerStream, Status, Streaming};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

use crate::again::{Pause, is_temporary, number_at_start};
use crate::proto::feed::v1::prices_client::PricesClient;
use crate::proto::feed::v1::prices_server::Prices;
use crate::proto::feed::v1::{Quote, WatchRequest};

/// The number of quotes that are kept for watchers that return.
const MAX_QUOTES: usize = 1000;

/// The server, which sends published quotes to all watchers.
#[derive(Debug, Clone)]
pub struct Exchange {
    quotes: Arc<Mutex<VecDeque<Quote>>>,
    /// The number of the last quote. Watchers that have received all quotes wait for it to change.
    last: watch::Sender<u64>,
}

impl Default for Exchange {
    /// Numbers start above those of an earlier server, so that its watchers learn of the gap.
    fn default() -> Self {
        Self { quotes: Arc::default(), last: watch::Sender::new(number_at_start()) }
    }
}

impl Exchange {
    /// Publishes a price. Slow watchers do not block this.
    pub fn publish(&self, symbol: &str, cents: i64) {
        let mut quotes = self.quotes.lock().unwrap_or_else(PoisonError::into_inner);
        let number = *self.last.borrow() + 1;
        quotes.push_back(Quote { number, symbol: symbol.to_owned(), cents });
        if quotes.len() > MAX_QUOTES {
            quotes.pop_front();
        }
        self.last.send_replace(number);
    }

    /// The quote after number `after`; `None` if it does not exist yet.
    fn next(&self, after: u64) -> Result<Option<Quote>, Status> {
        let quotes = self.quotes.lock().unwrap_or_else(PoisonError::into_inner);
        let last = *self.last.borrow();
        if after > last {
            return Err(Status::out_of_range(format!("the last quote is {last}: the server was restarted")));
        }
        let first = quotes.front().map_or(last + 1, |quote| quote.number);
        if after != 0 && after + 1 < first {
            return Err(Status::out_of_range(format!("quote {} is no longer kept", after + 1)));
        }
        let index = usize::try_from((after + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        Ok(quotes.get(index).cloned())
    }

    /// Sends past and future quotes, until the receiver is dropped.
    async fn send(self, mut after: u64, quotes: mpsc::Sender<Result<Quote, Status>>) {
        let mut last = self.last.subscribe();
        loop {
            let quote = match self.next(after) {
                Ok(Some(quote)) => quote,
                Ok(None) => {
                    tokio::select! {
                        _ = last.changed() => continue,
                        () = quotes.closed() => return,
                    }
                }
                Err(status) => return drop(quotes.send(Err(status)).await),
            };
            after = quote.number;
            if quotes.send(Ok(quote)).await.is_err() {
                return;
            }
        }
    }
}

impl Prices for Exchange {
    async fn watch(&self, request: Request<WatchRequest>) -> Result<Response<impl ServerStream<Quote>>, Status> {
        // The channel is small, so that the quotes for a slow watcher stay in the exchange, which bounds their number.
        let (quotes, receiver) = mpsc::channel(4);
        tokio::spawn(self.clone().send(request.get_ref().after, quotes));
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

/// The client, which receives every quote exactly once, and reconnects as often as needed.
#[derive(Debug)]
pub struct Watcher {
    prices: PricesClient,
    quotes: Option<Streaming<Quote>>,
    last: u64,
    pause: Pause,
}

impl Watcher {
    /// Creates a watcher, which starts with the oldest quote that the server keeps.
    #[must_use]
    pub fn new(prices: PricesClient) -> Self {
        Self { prices, quotes: None, last: 0, pause: Pause::default() }
    }

    /// Waits for the next quote, however long the server is unavailable.
    ///
    /// # Errors
    ///
    /// Returns `OUT_OF_RANGE` if quotes were lost, or any other status that is not temporary. After `OUT_OF_RANGE`, the next call of this method
    /// starts with the oldest quote that the server keeps.
    pub async fn next(&mut self) -> Result<Quote, Status> {
        loop {
            self.pause.end().await;
            match self.attempt().await {
                Ok(Some(quote)) => {
                    (self.last, self.pause) = (quote.number, Pause::default());
                    return Ok(quote);
                }
                Err(status) if status.code() == Code::OutOfRange => {
                    (self.quotes, self.last) = (None, 0);
                    return Err(status);
                }
                Err(status) if !is_temporary(&status) => {
                    self.quotes = None;
                    return Err(status);
                }
                Ok(None) | Err(_) => {
                    self.quotes = None;
                    self.pause.begin();
                }
            }
        }
    }

    async fn attempt(&mut self) -> Result<Option<Quote>, Status> {
        let quotes = match &mut self.quotes {
            Some(quotes) => quotes,
            none => none.insert(self.prices.watch(WatchRequest { after: self.last }).await?.into_inner()),
        };
        quotes.message().await
    }
}
