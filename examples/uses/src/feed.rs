//! Quotes as they happen: watchers that lose their connection come back where they were, without a gap or a repetition.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use rgrpc::{Code, Request, Response, ServerStream, Status, Streaming};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

use crate::again::{Pause, is_temporary, number_at_start};
use crate::proto::feed::v1::prices_client::PricesClient;
use crate::proto::feed::v1::prices_server::Prices;
use crate::proto::feed::v1::{Quote, WatchRequest};

/// How many quotes are kept for those who come back.
const KEPT: usize = 1000;

/// The server: quotes are published, and sent to all who watch.
#[derive(Debug, Clone)]
pub struct Exchange {
    quotes: Arc<Mutex<VecDeque<Quote>>>,
    /// The number of the last quote: who waits for more waits for it to change.
    last: watch::Sender<u64>,
}

impl Default for Exchange {
    /// Numbers go on above those of a server that ran before, so that a watcher who comes from there hears of the gap.
    fn default() -> Self {
        Self { quotes: Arc::default(), last: watch::Sender::new(number_at_start()) }
    }
}

impl Exchange {
    /// Publishes a price. Nobody who watches slowly holds this up.
    pub fn publish(&self, symbol: &str, cents: i64) {
        let mut quotes = self.quotes.lock().unwrap_or_else(PoisonError::into_inner);
        let number = *self.last.borrow() + 1;
        quotes.push_back(Quote { number, symbol: symbol.to_owned(), cents });
        if quotes.len() > KEPT {
            quotes.pop_front();
        }
        self.last.send_replace(number);
    }

    /// The next quote behind `after`, if there is one by now.
    fn next(&self, after: u64) -> Result<Option<Quote>, Status> {
        let quotes = self.quotes.lock().unwrap_or_else(PoisonError::into_inner);
        let last = *self.last.borrow();
        if after > last {
            return Err(Status::out_of_range(format!("quote {last} is the last: the feed has begun anew")));
        }
        let first = quotes.front().map_or(last + 1, |quote| quote.number);
        if after != 0 && after + 1 < first {
            return Err(Status::out_of_range(format!("quote {} is not kept any more", after + 1)));
        }
        let index = usize::try_from((after + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        Ok(quotes.get(index).cloned())
    }

    /// Sends what there is and what comes, until the watcher has gone.
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
        // Few, so that a slow watcher reads new quotes late rather than old ones.
        let (quotes, sent) = mpsc::channel(4);
        tokio::spawn(self.clone().send(request.get_ref().after, quotes));
        Ok(Response::new(ReceiverStream::new(sent)))
    }
}

/// The client: every quote once, over as many calls as it takes.
#[derive(Debug)]
pub struct Watcher {
    prices: PricesClient,
    quotes: Option<Streaming<Quote>>,
    last: u64,
    pause: Pause,
}

impl Watcher {
    /// Watches from what the server still has.
    #[must_use]
    pub fn new(prices: PricesClient) -> Self {
        Self { prices, quotes: None, last: 0, pause: Pause::default() }
    }

    /// Waits for the next quote, however long the server is away.
    ///
    /// # Errors
    ///
    /// `OUT_OF_RANGE` if quotes were missed for good: the next call starts with what the server still has. Any other status that is not temporary.
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
