//! Keeps a connection to the first of some addresses that answers. Source: gRFC A61, A62, gRPC's connection backoff protocol.
//!
//! This is gRPC's `pick_first`. A channel with that policy has one, with all addresses; other policies have one for each server.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::time::sleep_until;

use super::Address;
use super::backoff::{Backoff, Pauses};
use super::health::Health;
use crate::client::connection::dial::{Dialer, Established};
use crate::client::connection::happy_eyeballs::{AttemptStart, ConnectAttempts, Failures};
use crate::client::connection::http2::Connection;
use crate::deadline::clock::after;

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

/// When a subchannel connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// At once, and again when it has lost its connection.
    Eager,
    /// When somebody calls.
    OnDemand,
}

pub(super) struct Subchannel {
    pub(super) dialer: Arc<Dialer>,
    pub(super) pauses: Pauses,
    /// How long an attempt has before the next address is tried beside it.
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
                self.tell(Event::Changed(Connectivity::Idle));
                self.wanted.notified().await;
            }
            self.tell(Event::Changed(Connectivity::Connecting));
            let Established { connection, ended } = self.connect(&mut backoffs).await;
            let address = connection.address().clone();
            self.tell(Event::Changed(Connectivity::Ready(connection)));
            tokio::select! {
                () = ended => self.tell(Event::Resolve),
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
        let established = self.try_all(backoffs).await;
        if let Some(backoff) = backoffs.get_mut(established.connection.address()) {
            backoff.succeeded();
        }
        established
    }

    async fn try_all(&mut self, backoffs: &mut BTreeMap<Address, Backoff>) -> Established {
        let mut attempts = ConnectAttempts::new();
        let mut paced = Paced { dialer: self.dialer.clone(), pauses: self.pauses, backoffs };
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
            self.tell(Event::Resolve);
            let mut failed = 0;
            loop {
                self.tell(Event::Changed(Connectivity::TransientFailure(failures.text().into())));
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
                    self.tell(Event::Resolve);
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

/// Starts attempts as soon as the backoff of their address lets it.
struct Paced<'a> {
    dialer: Arc<Dialer>,
    pauses: Pauses,
    backoffs: &'a mut BTreeMap<Address, Backoff>,
}

impl Paced<'_> {
    /// Starts an attempt, unless one is under way.
    fn start(&mut self, attempts: &mut ConnectAttempts<Established>, address: &Address) {
        if attempts.is_running(address) {
            return;
        }
        let backoff = self.backoffs.entry(address.clone()).or_default();
        let (to, dialer, until) = (address.clone(), self.dialer.clone(), backoff.until());
        let timeout = backoff.start(&self.pauses, until);
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
        if self.backoffs.get(address).is_some_and(Backoff::is_on) && !attempts.is_running(address) {
            return AttemptStart::InBackoff;
        }
        self.start(attempts, address);
        AttemptStart::Started
    }
}
