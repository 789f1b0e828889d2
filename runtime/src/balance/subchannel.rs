//! Keeps a connection to the first of some addresses that answers. Source: gRFC A61, A62, gRPC's connection backoff protocol.
//!
//! This is gRPC's `pick_first`. A channel with that policy has one, with all addresses; other policies have one for each server.

use super::{
    Address,
    backoff::{Backoff, Pauses},
    connection::{Connection, Established},
    disconnect::Disconnect,
    health::Health,
};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    future::Future,
    pin::Pin,
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{Notify, mpsc, watch},
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep_until},
};

/// A change of a subchannel.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Connectivity {
    Idle,
    Connecting,
    Ready(Connection),
    /// With the last error of each address.
    TransientFailure(Arc<str>),
}

/// A message from a subchannel to the channel.
pub(super) enum Event {
    Changed(Connectivity),
    /// The addresses may be out of date.
    Resolve,
    /// The health that the server reports.
    Health(Health),
}

/// Connects to an address, within a time.
pub(super) trait Dial: Send + Sync + 'static {
    fn dial(
        &self,
        address: Address,
        timeout: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<Established, String>> + Send>>;
}

/// When a subchannel connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// At once, and again when it has lost its connection.
    Eager,
    /// When somebody calls.
    OnDemand,
}

pub(super) struct Subchannel<D> {
    pub(super) dial: Arc<D>,
    pub(super) pauses: Pauses,
    /// How long an attempt has before the next address is tried beside it.
    pub(super) attempt_delay: Duration,
    pub(super) start: Start,
    pub(super) addresses: watch::Receiver<Vec<Address>>,
    pub(super) wanted: Arc<Notify>,
    pub(super) id: u64,
    pub(super) events: mpsc::UnboundedSender<(u64, Event)>,
}

impl<D: Dial> Subchannel<D> {
    /// Runs until it is dropped.
    pub(super) async fn run(mut self) {
        let mut backoffs = BTreeMap::new();
        loop {
            if self.start == Start::OnDemand {
                self.tell(Event::Changed(Connectivity::Idle));
                self.wanted.notified().await;
            }
            self.tell(Event::Changed(Connectivity::Connecting));
            let Established { connection, closed, open } = self.connect(&mut backoffs).await;
            let address = connection.address().clone();
            self.tell(Event::Changed(Connectivity::Ready(connection)));
            tokio::select! {
                why = closed => {
                    open.ended(why.unwrap_or(Disconnect::Unknown));
                    self.tell(Event::Resolve);
                }
                () = self.removed(&address) => {}
            }
        }
    }

    fn tell(&self, event: Event) {
        let _ = self.events.send((self.id, event));
    }

    /// Ends once `address` is none of the addresses.
    async fn removed(&mut self, address: &Address) {
        let gone = self.addresses.wait_for(|addresses| !addresses.contains(address)).await.is_err();
        if gone {
            std::future::pending::<()>().await;
        }
    }

    /// Tries all addresses until one is connected.
    async fn connect(&mut self, backoffs: &mut BTreeMap<Address, Backoff>) -> Established {
        let mut attempts = Attempts {
            dial: self.dial.clone(),
            pauses: self.pauses,
            backoffs,
            tasks: JoinSet::new(),
            running: BTreeMap::new(),
        };
        let mut failures = BTreeMap::new();
        loop {
            let list = self.addresses.borrow_and_update().clone();
            attempts.retain(&list);
            failures.retain(|address, _| list.contains(address));
            let outcome = tokio::select! {
                established = first_pass(&list, self.attempt_delay, &mut attempts, &mut failures) => established,
                () = changed(&mut self.addresses) => continue,
            };
            if let Some(established) = outcome {
                return established;
            }
            self.tell(Event::Resolve);
            let mut failed = 0;
            loop {
                self.tell(Event::Changed(Connectivity::TransientFailure(failure_text(&failures))));
                for address in &list {
                    attempts.start(address);
                }
                let ended = tokio::select! {
                    ended = attempts.next() => ended,
                    () = changed(&mut self.addresses) => break,
                };
                match ended {
                    (_, Ok(established)) => return established,
                    (address, Err(error)) => failures.insert(address, error),
                };
                failed += 1;
                // "When that number reaches the number of subchannels, we will request re-resolution."
                if failed % list.len().max(1) == 0 {
                    self.tell(Event::Resolve);
                }
            }
        }
    }
}

/// Happy Eyeballs: one address after the other, each a little later than the one before, until one is connected or all have failed.
async fn first_pass(
    list: &[Address],
    delay: Duration,
    attempts: &mut Attempts<'_, impl Dial>,
    failures: &mut BTreeMap<Address, String>,
) -> Option<Established> {
    let mut queue: VecDeque<_> = list.iter().collect();
    let mut open: BTreeSet<_> = list.iter().cloned().collect();
    let mut next = Instant::now();
    while !open.is_empty() {
        tokio::select! {
            biased;
            (address, result) = attempts.next() => match result {
                Ok(established) => return Some(established),
                Err(error) => {
                    open.remove(&address);
                    failures.insert(address, error);
                    next = Instant::now();
                }
            },
            () = sleep_until(next), if !queue.is_empty() => {
                let Some(address) = queue.pop_front() else { continue };
                // "It is in backoff due to a recent connection attempt failure, so we treat it as if we have already made a connection
                // attempt, and we will immediately move on to the next."
                if attempts.is_in_backoff(address) {
                    open.remove(address);
                } else {
                    attempts.start(address);
                    next = Instant::now() + delay;
                }
            }
        }
    }
    None
}

async fn changed(addresses: &mut watch::Receiver<Vec<Address>>) {
    if addresses.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn failure_text(failures: &BTreeMap<Address, String>) -> Arc<str> {
    failures.iter().map(|(address, error)| format!("{address}: {error}")).collect::<Vec<_>>().join("; ").into()
}

/// The attempts to connect that are under way, at most one for each address.
struct Attempts<'a, D> {
    dial: Arc<D>,
    pauses: Pauses,
    backoffs: &'a mut BTreeMap<Address, Backoff>,
    tasks: JoinSet<Ended>,
    running: BTreeMap<Address, AbortHandle>,
}

/// The address of an attempt, and how it ended.
type Ended = (Address, Result<Established, String>);

impl<D: Dial> Attempts<'_, D> {
    /// Forgets the addresses that are not on `list`; attempts that were started for them come to nothing.
    fn retain(&mut self, list: &[Address]) {
        self.running.retain(|address, attempt| {
            let stays = list.contains(address);
            if !stays {
                attempt.abort();
            }
            stays
        });
        self.backoffs.retain(|address, _| list.contains(address));
    }

    fn is_in_backoff(&self, address: &Address) -> bool {
        self.backoffs.get(address).is_some_and(Backoff::is_on) && !self.running.contains_key(address)
    }

    /// Starts an attempt as soon as the backoff lets it, unless one is under way.
    fn start(&mut self, address: &Address) {
        if self.running.contains_key(address) {
            return;
        }
        let backoff = self.backoffs.entry(address.clone()).or_default();
        let (dialled, dial, until) = (address.clone(), self.dial.clone(), backoff.until());
        let timeout = backoff.start(&self.pauses, until);
        let attempt = self.tasks.spawn(async move {
            sleep_until(until).await;
            let result = dial.dial(dialled.clone(), timeout).await;
            (dialled, result)
        });
        self.running.insert(address.clone(), attempt);
    }

    /// The next attempt that ends; never, if there is none.
    async fn next(&mut self) -> Ended {
        let ended = loop {
            match self.tasks.join_next().await {
                // An attempt may end while it is forgotten.
                Some(Ok(ended)) if self.running.remove(&ended.0).is_some() => break ended,
                Some(_) => {}
                None => std::future::pending().await,
            }
        };
        if ended.1.is_ok()
            && let Some(backoff) = self.backoffs.get_mut(&ended.0)
        {
            backoff.succeeded();
        }
        ended
    }
}
