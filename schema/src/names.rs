//! Hash maps with names as keys, and a fast hash: the names are many and short, and come from the user's own schema.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A hash map whose keys contain a name.
pub(crate) type Names<K, V> = HashMap<K, V, BuildHasherDefault<FastHasher>>;

/// Hashes eight bytes at a time, by a rotation and a multiplication. It does not withstand keys that are made to collide.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FastHasher(u64);

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl FastHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    }
}

impl Hasher for FastHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.add(u64::from_le_bytes(last) ^ (bytes.len() as u64) << 56);
    }

    fn write_u32(&mut self, word: u32) {
        self.add(word.into());
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(byte.into());
    }

    fn finish(&self) -> u64 {
        // `HashMap` picks the bucket by the lower bits and compares the upper ones.
        self.0 ^ self.0 >> 32
    }
}
