//! Follows the bytes of a body as they pass, and reports each message that begins.
//!
//! `Length-Prefixed-Message → Compressed-Flag Message-Length Message`. `DATA frame boundaries have no relation to Length-Prefixed-Message
//! boundaries`, so both the header and the message come in pieces.

/// The position of a body within its messages: in the five bytes before a message, or in the message.
#[derive(Debug, Default)]
pub(crate) struct FrameTracker {
    header: [u8; 5],
    filled: usize,
    left: usize,
}

impl FrameTracker {
    /// Whether a message has begun but is incomplete.
    pub(crate) fn is_inside(&self) -> bool {
        self.filled > 0 || self.left > 0
    }

    /// Advances by `data`, and calls `begin` with the flag and the length of each message that begins in it.
    ///
    /// # Errors
    ///
    /// The error of `begin`, and the number of bytes in `data` before that message.
    pub(crate) fn pass<E>(
        &mut self,
        data: &[u8],
        mut begin: impl FnMut(u8, usize) -> Result<(), E>,
    ) -> Result<(), (usize, E)> {
        let mut rest = data;
        while !rest.is_empty() {
            if self.left > 0 {
                let piece = rest.len().min(self.left);
                self.left -= piece;
                rest = &rest[piece..];
                continue;
            }
            let before = data.len() - rest.len();
            let Some([flag, length @ ..]) = self.header(&mut rest) else { break };
            let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
            begin(flag, length).map_err(|error| (before, error))?;
            self.left = length;
        }
        Ok(())
    }

    /// Takes header bytes from the start of `rest`; returns the header once it is complete.
    fn header(&mut self, rest: &mut &[u8]) -> Option<[u8; 5]> {
        if self.filled == 0
            && let Some((header, after)) = rest.split_first_chunk()
        {
            *rest = after;
            return Some(*header);
        }
        let (piece, after) = rest.split_at(rest.len().min(self.header.len() - self.filled));
        self.header[self.filled..][..piece.len()].copy_from_slice(piece);
        self.filled += piece.len();
        *rest = after;
        (self.filled == self.header.len()).then(|| {
            self.filled = 0;
            self.header
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[test]
    fn lengths_are_those_of_messages_however_the_bytes_are_cut() {
        let bytes =
            [&[0, 0, 0, 0, 3, 7, 7, 7, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0][..], &[7; 256], &[0, 0, 0, 0, 1, 7]].concat();
        for size in 1..=bytes.len() {
            let (mut frames, mut told) = (FrameTracker::default(), Vec::new());
            for piece in bytes.chunks(size) {
                let Ok(()) = frames.pass(piece, |_, length| {
                    told.push(length);
                    Ok::<_, Infallible>(())
                });
            }
            assert_eq!(told, [3, 0, 256, 1], "in pieces of {size}");
        }
    }
}
