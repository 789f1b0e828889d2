//! A buffer that copies the bytes that are read from it.

use bytes::Buf;

/// Reads from one buffer, and appends the bytes to another. prost's `skip_field` reads a field from it, with its checks and its limit on
/// nesting.
pub(super) struct Capture<'a, B> {
    pub(super) from: &'a mut B,
    pub(super) to: &'a mut Vec<u8>,
}

impl<B: Buf> Buf for Capture<'_, B> {
    fn remaining(&self) -> usize {
        self.from.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.from.chunk()
    }

    fn advance(&mut self, mut count: usize) {
        while count > 0 {
            let chunk = self.from.chunk();
            let taken = chunk.len().min(count);
            assert!(taken > 0, "the buffer was advanced by {count} bytes too many");
            self.to.extend_from_slice(&chunk[..taken]);
            self.from.advance(taken);
            count -= taken;
        }
    }
}
