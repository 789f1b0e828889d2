//! An amount of something that all connections of a server have together, of which each has its fair share.
//!
//! As long as half of it is free, a connection may have any of it. Beyond that, one may have what is left divided by those that have some,
//! so that those that take much leave something to those that come.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

/// The supply, and how much of it all connections hold.
#[derive(Debug)]
pub(super) struct Supply {
    limit: usize,
    used: AtomicUsize,
    /// The connections that have some of it.
    having: AtomicUsize,
}

impl Supply {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { limit, used: AtomicUsize::new(0), having: AtomicUsize::new(0) })
    }
}

/// How much of it one connection has.
#[derive(Debug)]
pub(super) struct Share {
    of: Arc<Supply>,
    used: AtomicUsize,
}

impl Share {
    pub(super) fn new(of: &Arc<Supply>) -> Self {
        Self { of: of.clone(), used: AtomicUsize::new(0) }
    }

    /// Whether the connection may have `more`: one that has nothing always may.
    pub(super) fn has_room(&self, more: usize) -> bool {
        let Supply { limit, used, having } = &*self.of;
        let (all, own) = (used.load(Relaxed), self.used.load(Relaxed));
        all < limit / 2 || own == 0 || own + more <= limit.saturating_sub(all) / having.load(Relaxed).max(1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.used.load(Relaxed) == 0
    }

    /// Whether no other connection has any, and there is more.
    pub(super) fn is_alone(&self) -> bool {
        let all = self.of.used.load(Relaxed);
        all < self.of.limit && all == self.used.load(Relaxed)
    }

    pub(super) fn take(&self, amount: usize) {
        self.of.used.fetch_add(amount, Relaxed);
        if self.used.fetch_add(amount, Relaxed) == 0 {
            self.of.having.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn give_back(&self, amount: usize) {
        self.of.used.fetch_sub(amount, Relaxed);
        if self.used.fetch_sub(amount, Relaxed) == amount {
            self.of.having.fetch_sub(1, Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How much connections have that came one after the other and took as much as they could, one by one, up to 100 each.
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
    fn few_connections_have_all_they_want() {
        assert_eq!(greedy(1000, 5), [100; 5]);
    }

    #[test]
    fn many_connections_have_little_more_than_there_is_and_the_last_has_something() {
        for connections in [20, 100, 900] {
            let have = greedy(1000, connections);
            assert!(have.iter().sum::<usize>() <= 1000 + connections, "{have:?}");
            assert!(have.iter().all(|amount| *amount > 0), "{have:?}");
        }
    }

    #[test]
    fn connections_that_have_nothing_do_not_divide_it() {
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
    fn one_is_alone_until_another_has_some_or_nothing_is_left() {
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
    fn what_is_given_back_is_there_for_others() {
        let supply = Supply::new(10);
        let [first, second] = [Share::new(&supply), Share::new(&supply)];
        first.take(9);
        second.take(1);
        assert!(!second.has_room(1));
        first.give_back(7);
        assert!(second.has_room(1));
    }
}
