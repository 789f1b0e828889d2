//! Maps by names: their keys are many and short, and come from files that the user compiles, so that the hash is a cheap one.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map whose keys hold a name.
pub(crate) type Names<K, V> = HashMap<K, V, BuildHasherDefault<Cheap>>;

/// Multiplies and rotates eight bytes at a time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cheap(u64);

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl Cheap {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    }
}

impl Hasher for Cheap {
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
        // The map takes the upper bits for one thing and the lower ones for another.
        self.0 ^ self.0 >> 32
    }
}
