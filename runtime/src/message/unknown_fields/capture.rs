//! A buffer that keeps what is read from it.

use bytes::Buf;

/// prost's own `skip_field` reads from it: the checks and the limit of nesting are prost's, the bytes are the peer's.
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
            assert!(taken > 0, "the buffer has {count} bytes less than it was advanced by");
            self.to.extend_from_slice(&chunk[..taken]);
            self.from.advance(taken);
            count -= taken;
        }
    }
}
