//! Takes the bytes of a body as they pass; gives the length of each message in them, as it is on the wire.

/// Where a body is in its messages: in the five bytes before one, or in one.
#[derive(Debug, Default)]
pub(crate) struct Lengths {
    header: [u8; 5],
    filled: usize,
    left: usize,
}

impl Lengths {
    /// Passes `data`, and calls `tell` with the length of each message that begins there.
    pub(crate) fn pass(&mut self, mut data: &[u8], mut tell: impl FnMut(usize)) {
        while !data.is_empty() {
            if self.left > 0 {
                let (_, rest) = data.split_at(data.len().min(self.left));
                self.left -= data.len() - rest.len();
                data = rest;
                continue;
            }
            let (piece, rest) = data.split_at(data.len().min(self.header.len() - self.filled));
            self.header[self.filled..][..piece.len()].copy_from_slice(piece);
            self.filled += piece.len();
            data = rest;
            if self.filled == self.header.len() {
                let [_, length @ ..] = self.header;
                self.filled = 0;
                self.left = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
                tell(self.left);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_messages_however_the_bytes_are_cut() {
        let bytes =
            [&[0, 0, 0, 0, 3, 7, 7, 7, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0][..], &[7; 256], &[0, 0, 0, 0, 1, 7]].concat();
        for size in 1..=bytes.len() {
            let (mut lengths, mut told) = (Lengths::default(), Vec::new());
            for piece in bytes.chunks(size) {
                lengths.pass(piece, |length| told.push(length));
            }
            assert_eq!(told, [3, 0, 256, 1], "in pieces of {size}");
        }
    }
}
