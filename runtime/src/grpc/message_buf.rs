//! A buffer from which prost decodes a message in place: only a field of `Bytes` keeps a reference to the owner of the bytes.

use bytes::{Buf, Bytes};

/// The bytes of a message that are not decoded yet.
#[derive(Debug, Default)]
pub(crate) struct MessageBuf<'a> {
    rest: &'a [u8],
    owner: Option<&'a Bytes>,
}

impl<'a> MessageBuf<'a> {
    /// A message in a buffer without an owner: a field of `Bytes` copies from it.
    pub(crate) fn of_slice(message: &'a [u8]) -> Self {
        Self { rest: message, owner: None }
    }

    pub(crate) fn of(message: &'a Bytes) -> Self {
        Self { rest: message, owner: Some(message) }
    }

    /// The bytes of `owner` from `start` to `end`.
    pub(crate) fn within(owner: &'a Bytes, start: usize, end: usize) -> Self {
        Self { rest: &owner[start..end], owner: Some(owner) }
    }

    pub(crate) fn len(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn into_bytes(mut self) -> Bytes {
        self.copy_to_bytes(self.rest.len())
    }
}

impl Buf for MessageBuf<'_> {
    #[inline]
    fn remaining(&self) -> usize {
        self.rest.len()
    }

    #[inline]
    fn chunk(&self) -> &[u8] {
        self.rest
    }

    #[inline]
    fn advance(&mut self, len: usize) {
        self.rest = &self.rest[len..];
    }

    /// Does not copy if there is an owner. prost calls this for fields of `Vec<u8>` too, and then copies from the result.
    #[inline]
    fn copy_to_bytes(&mut self, len: usize) -> Bytes {
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        self.owner.map_or_else(|| Bytes::copy_from_slice(taken), |owner| owner.slice_ref(taken))
    }
}
