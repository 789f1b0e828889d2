//! Delays the writes of a connection while other tasks are about to add to them, so that one write takes all.
//!
//! tokio runs a connection right behind the first task that has something for it. Where a read has woken many calls, each would have a
//! write of its own, and a write to a socket costs more than all else that a small call takes.

/// When a connection waits: once before a turn, and ever less often where that gathers nothing.
#[derive(Debug, Default)]
pub(crate) struct WriteBatching {
    /// How many calls had something to be written when the connection began to wait.
    had: Option<usize>,
    /// So many waits in a row gathered nothing.
    barren: u32,
    /// For so many turns it does not wait.
    pause: u32,
}

/// It waits in one of so many turns at least, as a power of two.
const RAREST: u32 = 6;

impl WriteBatching {
    /// Whether to wait, where `ready` calls have something to be written and `others` may soon have.
    pub(crate) fn waits(&mut self, ready: usize, others: usize) -> bool {
        if self.had.is_some() || ready == 0 || others == 0 {
            return false;
        }
        if self.pause > 0 {
            self.pause -= 1;
            return false;
        }
        self.had = Some(ready);
        true
    }

    /// The connection has its turn, and writes what `ready` calls have.
    pub(crate) fn turn(&mut self, ready: usize) {
        let Some(had) = self.had.take() else { return };
        self.barren = if ready > had { 0 } else { RAREST.min(self.barren + 1) };
        self.pause = (1 << self.barren) - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In which of the turns with a call to be written the connection waits, where each wait makes `gathered` calls of it.
    fn waits(turns: usize, others: usize, gathered: usize) -> Vec<usize> {
        let mut write_batching = WriteBatching::default();
        let waits = |turn: &usize| {
            let waits = write_batching.waits(1, others);
            assert!(!waits || !write_batching.waits(1, others), "it waits once in turn {turn}");
            write_batching.turn(if waits { gathered } else { 1 });
            waits
        };
        (0..turns).filter(waits).collect()
    }

    #[test]
    fn a_call_alone_is_written_at_once() {
        assert!(waits(100, 0, 1).is_empty());
    }

    #[test]
    fn a_connection_that_gathers_calls_waits_in_every_turn() {
        assert_eq!(waits(5, 15, 2), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn one_that_gathers_nothing_waits_ever_less_often() {
        assert_eq!(waits(260, 1, 1), [0, 2, 6, 14, 30, 62, 126, 190, 254]);
    }

    #[test]
    fn a_turn_with_nothing_to_be_written_is_no_reason_to_wait() {
        assert!(!WriteBatching::default().waits(0, 64));
    }
}
