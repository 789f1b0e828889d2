//! Writes messages field by field.

use super::{put_bytes, put_tag, put_varint};

const VARINT: u32 = 0;
const LENGTH_DELIMITED: u32 = 2;

/// The fields of a message that have been written so far.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    pub fn int32(&mut self, tag: i32, value: i32) {
        put_tag(&mut self.0, tag, VARINT);
        put_varint(&mut self.0, i64::from(value).cast_unsigned());
    }

    /// Writes `true`. `false` is never written.
    pub fn bool(&mut self, tag: i32) {
        put_tag(&mut self.0, tag, VARINT);
        put_varint(&mut self.0, 1);
    }

    pub fn bytes(&mut self, tag: i32, value: &[u8]) {
        put_bytes(&mut self.0, tag, value);
    }

    /// Writes a packed field, unless it has no values.
    pub fn packed(&mut self, tag: i32, values: impl IntoIterator<Item = u32, IntoIter: ExactSizeIterator>) {
        let values = values.into_iter();
        if values.len() > 0 {
            self.message(tag, |out| values.for_each(|value| put_varint(&mut out.0, value.into())));
        }
    }

    /// Writes a message field, whose own fields `write` writes.
    pub fn message(&mut self, tag: i32, write: impl FnOnce(&mut Self)) {
        put_tag(&mut self.0, tag, LENGTH_DELIMITED);
        let place = self.0.len();
        self.0.push(0);
        write(self);
        let length = self.0.len() - place - 1;
        match u8::try_from(length) {
            Ok(length @ 0..0x80) => self.0[place] = length,
            _ => self.widen_length(place, length),
        }
    }

    /// Replaces the single byte that was reserved for a length by as many as it takes.
    fn widen_length(&mut self, place: usize, length: usize) {
        let mut bytes = Vec::new();
        put_varint(&mut bytes, length as u64);
        self.0.splice(place..=place, bytes);
    }
}
