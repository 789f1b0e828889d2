//! Divides a limited supply fairly among the connections of a server.
//!
//! While less than half of the supply is used, a connection may take any amount. Beyond that, a connection may hold at most its fair share:
//! what is left, divided by the number of connections that hold some. So greedy connections leave something for new ones.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

/// A supply that all connections share.
#[derive(Debug)]
pub(super) struct Supply {
    limit: usize,
    /// The amount that all connections hold.
    used: AtomicUsize,
    /// The number of connections that hold some.
    holders: AtomicUsize,
}

impl Supply {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { limit, used: AtomicUsize::new(0), holders: AtomicUsize::new(0) })
    }
}

/// The amount that one connection holds.
#[derive(Debug)]
pub(super) struct Share {
    supply: Arc<Supply>,
    used: AtomicUsize,
}

impl Share {
    pub(super) fn new(supply: &Arc<Supply>) -> Self {
        Self { supply: supply.clone(), used: AtomicUsize::new(0) }
    }

    /// Whether the connection may take `more`. One that holds nothing always may.
    pub(super) fn has_room(&self, more: usize) -> bool {
        let Supply { limit, used, holders } = &*self.supply;
        let (all, own) = (used.load(Relaxed), self.used.load(Relaxed));
        all < limit / 2 || own == 0 || own + more <= limit.saturating_sub(all) / holders.load(Relaxed).max(1)
    }

    /// Whether some of the supply is left and no other connection holds any.
    pub(super) fn is_alone(&self) -> bool {
        let all = self.supply.used.load(Relaxed);
        all < self.supply.limit && all == self.used.load(Relaxed)
    }

    /// Takes `amount`, which is not 0.
    pub(super) fn take(&self, amount: usize) {
        self.supply.used.fetch_add(amount, Relaxed);
        if self.used.fetch_add(amount, Relaxed) == 0 {
            self.supply.holders.fetch_add(1, Relaxed);
        }
    }

    /// Gives back `amount`, which was taken.
    pub(super) fn give_back(&self, amount: usize) {
        self.supply.used.fetch_sub(amount, Relaxed);
        if self.used.fetch_sub(amount, Relaxed) == amount {
            self.supply.holders.fetch_sub(1, Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The amounts of connections that come one after the other and each take as much as they can, up to 100.
    fn greedy(limit: usize, connections: usize) -> Vec<usize> {
        let supply = Supply::new(limit);
        let shares: Vec<_> = (0..connections).map(|_| Share::new(&supply)).collect();
        for share in &shares {
            while share.used.load(Relaxed) < 100 && share.has_room(1) {
                share.take(1);
            }
        }
        shares.iter().map(|share| share.used.load(Relaxed)).collect()
    }

    #[test]
    fn few_connections_get_all_they_want() {
        assert_eq!(greedy(1000, 5), [100; 5]);
    }

    #[test]
    fn many_connections_exceed_the_supply_by_little_and_the_last_gets_something() {
        for connections in [20, 100, 900] {
            let have = greedy(1000, connections);
            assert!(have.iter().sum::<usize>() <= 1000 + connections, "{have:?}");
            assert!(have.iter().all(|amount| *amount > 0), "{have:?}");
        }
    }

    #[test]
    fn connections_that_hold_nothing_do_not_count() {
        let supply = Supply::new(10);
        let [greedy, modest, came_back, _idle] = [(); 4].map(|()| Share::new(&supply));
        greedy.take(5);
        came_back.take(1);
        came_back.give_back(1);
        modest.take(1);
        assert!(modest.has_room(1));
        modest.take(1);
        assert!(!modest.has_room(1));
    }

    #[test]
    fn a_connection_is_alone_until_another_holds_some_or_nothing_is_left() {
        let supply = Supply::new(10);
        let [first, second] = [Share::new(&supply), Share::new(&supply)];
        first.take(9);
        assert_eq!((first.is_alone(), first.has_room(1), second.is_alone()), (true, false, false));
        second.take(1);
        assert!(!first.is_alone());
        second.give_back(1);
        first.take(1);
        assert!(!first.is_alone());
    }

    #[test]
    fn an_amount_given_back_is_available_to_others() {
        let supply = Supply::new(10);
        let [first, second] = [Share::new(&supply), Share::new(&supply)];
        first.take(9);
        second.take(1);
        assert!(!second.has_room(1));
        first.give_back(7);
        assert!(second.has_room(1));
    }
}
