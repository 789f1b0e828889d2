//! A state in, the next number out: xorshift, so that tests that try much try the same on every machine.

/// The next number; a state of 0 gives nothing but 0.
pub fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// A number below `bound`, or 0.
pub fn below(state: &mut u64, bound: usize) -> usize {
    usize::try_from(next(state) >> 33).unwrap_or_default() % bound.max(1)
}
