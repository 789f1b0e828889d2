//! Delays the write of a connection while other tasks may add to it, so that one write carries all of it.
//!
//! tokio runs the task of a connection right after the first task that wakes it. If a read has woken many calls, each would cause a write of
//! its own, which costs more than everything else in a small call.

/// Decides whether a connection waits before it writes: at most once per write, and less and less often if waiting gathers nothing.
#[derive(Debug, Default)]
pub(crate) struct WriteBatching {
    /// The number of calls with something to write when the connection began to wait.
    had: Option<usize>,
    /// The number of consecutive waits that gathered nothing.
    barren: u32,
    /// The number of writes for which it does not wait.
    pause: u32,
}

/// The limit of `barren`: the connection waits at least once in 2 to the power of this writes.
const MAX_BARREN: u32 = 6;

impl WriteBatching {
    /// Whether to wait, given that `ready` calls have something to write and `others` may have soon.
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

    /// Records that the connection writes for `ready` calls.
    pub(crate) fn turn(&mut self, ready: usize) {
        let Some(had) = self.had.take() else { return };
        self.barren = if ready > had { 0 } else { MAX_BARREN.min(self.barren + 1) };
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
    fn a_connection_that_gathers_no_calls_waits_ever_less_often() {
        assert_eq!(waits(260, 1, 1), [0, 2, 6, 14, 30, 62, 126, 190, 254]);
    }

    #[test]
    fn a_turn_with_nothing_to_be_written_is_no_reason_to_wait() {
        assert!(!WriteBatching::default().waits(0, 64));
    }
}
