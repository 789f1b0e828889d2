//! Happy Eyeballs: races the addresses of a server, each started a little later than the one before. Source: RFC 8305, gRFC A61.

use std::collections::VecDeque;
use std::future::{Future, pending};
use std::time::Duration;

use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep_until};

use crate::BoxError;
use crate::connection::address::Address;

/// The time after which the next address is tried in parallel.
pub(crate) const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// The last error of each address.
#[derive(Default)]
pub(crate) struct Failures(Vec<(Address, BoxError)>);

impl Failures {
    pub(crate) fn insert(&mut self, address: Address, error: BoxError) {
        match self.0.binary_search_by(|(other, _)| other.cmp(&address)) {
            Ok(index) => self.0[index].1 = error,
            Err(index) => self.0.insert(index, (address, error)),
        }
    }

    #[cfg(feature = "balance")]
    pub(crate) fn retain(&mut self, list: &[Address]) {
        self.0.retain(|(address, _)| list.contains(address));
    }

    pub(crate) fn text(&self) -> String {
        self.0.iter().map(|(address, error)| format!("{address}: {error}")).collect::<Vec<_>>().join("; ")
    }

    pub(crate) fn into_first(self) -> Option<BoxError> {
        self.0.into_iter().next().map(|(_, error)| error)
    }
}

/// The error of an attempt whose task ended without a result.
pub(crate) const ABANDONED: &str = "the attempt to connect panicked, or its runtime was shut down";

/// The running attempts to connect, at most one for each address. A successful attempt returns a `T`.
pub(crate) struct ConnectAttempts<T> {
    tasks: JoinSet<Result<T, BoxError>>,
    running: Vec<(Address, AbortHandle)>,
}

/// The address and result of an attempt.
pub(crate) type ConnectResult<T> = (Address, Result<T, BoxError>);

/// Whether an attempt was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptStart {
    Started,
    /// "It is in backoff due to a recent connection attempt failure, so we treat it as if we have already made a connection attempt, and we
    /// will immediately move on to the next."
    InBackoff,
}

impl<T: Send + 'static> ConnectAttempts<T> {
    pub(crate) fn new() -> Self {
        Self { tasks: JoinSet::new(), running: Vec::new() }
    }

    pub(crate) fn is_running(&self, address: &Address) -> bool {
        self.running.iter().any(|(other, _)| other == address)
    }

    /// Starts `attempt` in parallel; no other may be running at `address`.
    pub(crate) fn start(
        &mut self,
        address: Address,
        attempt: impl Future<Output = Result<T, BoxError>> + Send + 'static,
    ) {
        let task = self.tasks.spawn(attempt);
        self.running.push((address, task));
    }

    /// Aborts the attempts at addresses that are not in `list`.
    pub(crate) fn retain(&mut self, list: &[Address]) {
        self.running.retain(|(address, attempt)| {
            let stays = list.contains(address);
            if !stays {
                attempt.abort();
            }
            stays
        });
    }

    /// The next result of an attempt; pending if there is none.
    pub(crate) async fn next(&mut self) -> ConnectResult<T> {
        loop {
            let (id, result) = match self.tasks.join_next_with_id().await {
                Some(Ok(ended)) => ended,
                Some(Err(error)) => (error.id(), Err(ABANDONED.into())),
                None => pending().await,
            };
            // An aborted attempt may still have ended.
            if let Some(index) = self.running.iter().position(|(_, task)| task.id() == id) {
                return (self.running.swap_remove(index).0, result);
            }
        }
    }

    /// Starts the addresses of `list` one by one with `start`, each `delay` after the one before, until one is connected or all have failed.
    pub(crate) async fn first(
        &mut self,
        list: &[Address],
        delay: Duration,
        mut start: impl FnMut(&mut Self, &Address) -> AttemptStart,
        failures: &mut Failures,
    ) -> Option<T> {
        let mut queue: VecDeque<_> = list.iter().collect();
        let mut open = list.to_vec();
        let mut next = Instant::now();
        while !open.is_empty() {
            tokio::select! {
                biased;
                (address, result) = self.next() => match result {
                    Ok(connected) => return Some(connected),
                    Err(error) => {
                        open.retain(|other| *other != address);
                        failures.insert(address, error);
                        next = Instant::now();
                    }
                },
                () = sleep_until(next), if !queue.is_empty() => {
                    let Some(address) = queue.pop_front() else { continue };
                    match start(self, address) {
                        AttemptStart::Started => next = Instant::now() + delay,
                        AttemptStart::InBackoff => {
                            open.retain(|other| other != address);
                        }
                    }
                }
            }
        }
        None
    }
}

/// Orders addresses so that IP versions alternate: "interleave addresses from the two address families, as per RFC 8305 section 4" (gRFC
/// A61).
pub(crate) fn interleave<'a>(addresses: &(impl Iterator<Item = &'a Address> + Clone)) -> Vec<Address> {
    let all = || addresses.clone();
    let is_v6 = |address: &Address| matches!(address, Address::Tcp(address) if address.is_ipv6());
    let Some(first) = all().next().map(is_v6) else { return Vec::new() };
    let mut preferred = all().filter(|address| is_v6(address) == first);
    let mut other = all().filter(|address| is_v6(address) != first);
    let mut list = Vec::new();
    loop {
        let pair = [preferred.next(), other.next()];
        if pair == [None, None] {
            return list;
        }
        for address in pair.into_iter().flatten() {
            if !list.contains(address) {
                list.push(address.clone());
            }
        }
    }
}
