//! Pseudo-random numbers by xorshift, so that a test with many random inputs is the same on every machine.

/// The next number. With a state of 0, every number is 0.
pub fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// A number below `bound`, or 0 if `bound` is 0.
pub fn below(state: &mut u64, bound: usize) -> usize {
    usize::try_from(next(state) >> 33).unwrap_or_default() % bound.max(1)
}

/// Damages bytes in up to three places: changes or inserts a byte, or truncates the rest.
pub fn damage(state: &mut u64, mut bytes: Vec<u8>) -> Vec<u8> {
    for _ in 0..=below(state, 3) {
        let at = below(state, bytes.len() + 1);
        match below(state, 8) {
            0 => bytes.truncate(at),
            1..4 => bytes.insert(at, byte(state)),
            _ => bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << below(state, 8)),
        }
    }
    bytes
}

/// A random byte.
pub fn byte(state: &mut u64) -> u8 {
    next(state).to_be_bytes()[0]
}
