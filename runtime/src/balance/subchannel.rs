//! A subchannel: keeps a connection to the first address of a list that answers. Source: gRFC A61, A62, gRPC's connection backoff protocol.
//!
//! This is gRPC's `pick_first`. A channel with that policy has one subchannel with all addresses; other policies have one for each server.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::time::sleep_until;

use super::Address;
use super::backoff::{Backoff, BackoffSettings};
use super::health::Health;
use crate::client::connection::dial::{Dialer, Established};
use crate::client::connection::happy_eyeballs::{AttemptStart, ConnectAttempts, Failures};
use crate::client::connection::http2::Connection;
use crate::deadline::clock::after;

/// The state of a subchannel.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Connectivity {
    Idle,
    Connecting,
    Ready(Connection),
    /// The last error of each address.
    TransientFailure(Arc<str>),
}

/// A message from a subchannel to the channel.
pub(super) enum Event {
    Changed(Connectivity),
    /// The addresses may be stale: ask the resolver again.
    Resolve,
    /// The server reported its health.
    Health(Health),
}

/// When a subchannel connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// At once, and again when the connection is lost.
    Eager,
    /// When a call needs a connection.
    OnDemand,
}

pub(super) struct Subchannel {
    pub(super) dialer: Arc<Dialer>,
    pub(super) backoff: BackoffSettings,
    /// The time after which the next address is tried in parallel.
    pub(super) attempt_delay: Duration,
    pub(super) start: Start,
    pub(super) addresses: watch::Receiver<Vec<Address>>,
    pub(super) wanted: Arc<Notify>,
    pub(super) id: u64,
    pub(super) events: mpsc::UnboundedSender<(u64, Event)>,
}

impl Subchannel {
    /// Runs until it is dropped.
    pub(super) async fn run(mut self) {
        let mut backoffs = BTreeMap::new();
        loop {
            if self.start == Start::OnDemand {
                self.report(Event::Changed(Connectivity::Idle));
                self.wanted.notified().await;
            }
            self.report(Event::Changed(Connectivity::Connecting));
            let Established { connection, ended } = self.connect(&mut backoffs).await;
            let address = connection.address().clone();
            self.report(Event::Changed(Connectivity::Ready(connection)));
            tokio::select! {
                () = ended => self.report(Event::Resolve),
                () = self.removed(&address) => {}
            }
        }
    }

    fn report(&self, event: Event) {
        let _ = self.events.send((self.id, event));
    }

    /// Completes when `address` is no longer in the list.
    async fn removed(&mut self, address: &Address) {
        let gone = self.addresses.wait_for(|addresses| !addresses.contains(address)).await.is_err();
        if gone {
            std::future::pending::<()>().await;
        }
    }

    /// Tries all addresses until one is connected.
    async fn connect(&mut self, backoffs: &mut BTreeMap<Address, Backoff>) -> Established {
        let established = self.try_all(backoffs).await;
        if let Some(backoff) = backoffs.get_mut(established.connection.address()) {
            backoff.succeeded();
        }
        established
    }

    async fn try_all(&mut self, backoffs: &mut BTreeMap<Address, Backoff>) -> Established {
        let mut attempts = ConnectAttempts::new();
        let mut paced = PacedAttempts { dialer: self.dialer.clone(), backoff: self.backoff, backoffs };
        let mut failures = Failures::default();
        loop {
            let list = self.addresses.borrow_and_update().clone();
            attempts.retain(&list);
            paced.backoffs.retain(|address, _| list.contains(address));
            failures.retain(&list);
            let start = |attempts: &mut _, address: &_| paced.start_unless_in_backoff(attempts, address);
            let outcome = tokio::select! {
                established = attempts.first(&list, self.attempt_delay, start, &mut failures) => established,
                () = changed(&mut self.addresses) => continue,
            };
            if let Some(established) = outcome {
                return established;
            }
            self.report(Event::Resolve);
            let mut failed = 0;
            loop {
                self.report(Event::Changed(Connectivity::TransientFailure(failures.text().into())));
                for address in &list {
                    paced.start(&mut attempts, address);
                }
                let ended = tokio::select! {
                    ended = attempts.next() => ended,
                    () = changed(&mut self.addresses) => break,
                };
                match ended {
                    (_, Ok(established)) => return established,
                    (address, Err(error)) => failures.insert(address, error),
                }
                failed += 1;
                // "When that number reaches the number of subchannels, we will request re-resolution."
                if failed % list.len().max(1) == 0 {
                    self.report(Event::Resolve);
                }
            }
        }
    }
}

async fn changed(addresses: &mut watch::Receiver<Vec<Address>>) {
    if addresses.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Starts attempts, each after the backoff of its address.
struct PacedAttempts<'a> {
    dialer: Arc<Dialer>,
    backoff: BackoffSettings,
    backoffs: &'a mut BTreeMap<Address, Backoff>,
}

impl PacedAttempts<'_> {
    /// Starts an attempt, unless one is running.
    fn start(&mut self, attempts: &mut ConnectAttempts<Established>, address: &Address) {
        if attempts.is_running(address) {
            return;
        }
        let backoff = self.backoffs.entry(address.clone()).or_default();
        let (to, dialer, until) = (address.clone(), self.dialer.clone(), backoff.until());
        let timeout = backoff.start(&self.backoff, until);
        attempts.start(address.clone(), async move {
            sleep_until(until).await;
            dialer.dial(&to, timeout, after(timeout)).await
        });
    }

    fn start_unless_in_backoff(
        &mut self,
        attempts: &mut ConnectAttempts<Established>,
        address: &Address,
    ) -> AttemptStart {
        if self.backoffs.get(address).is_some_and(Backoff::is_waiting) && !attempts.is_running(address) {
            return AttemptStart::InBackoff;
        }
        self.start(attempts, address);
        AttemptStart::Started
    }
}
