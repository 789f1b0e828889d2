//! The bytes of a `FileDescriptorSet` to those of its files, and back.

use crate::Diagnostic;
use crate::wire::{Malformed, Value, records};

/// The tag of `FileDescriptorSet.file`.
const FILE: u8 = 1 << 3 | 2;

/// Returns the files of a serialized `google.protobuf.FileDescriptorSet`, each as it is in it.
///
/// # Errors
/// Fails if the bytes are not such a message.
pub fn split(set: &[u8]) -> Result<Vec<&[u8]>, Diagnostic> {
    let file = |record| match record {
        (1, Value::Bytes(file)) => Some(Ok(file)),
        (1, _) => Some(Err(Malformed)),
        _ => None,
    };
    let records = records(set).map(|record| record.map(|record| (record.number, record.value)));
    let files = records.filter_map(|record| record.map_or_else(|error| Some(Err(error)), file));
    files.collect::<Result<_, _>>().map_err(|_| Diagnostic::new("not a serialized FileDescriptorSet"))
}

/// Returns the `FileDescriptorSet` of serialized files.
#[must_use]
pub fn join<T: AsRef<[u8]>>(files: &[T]) -> Vec<u8> {
    let mut set = Vec::with_capacity(files.iter().map(|file| file.as_ref().len() + 10).sum());
    for file in files.iter().map(AsRef::as_ref) {
        set.push(FILE);
        let mut length = file.len();
        while length > 0x7f {
            set.push(0x80 | length.to_le_bytes()[0]);
            length >>= 7;
        }
        set.push(length.to_le_bytes()[0]);
        set.extend_from_slice(file);
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_is_split() {
        let files = [Vec::new(), vec![7; 127], vec![8; 300]];
        assert_eq!(split(&join(&files)).unwrap(), files);
    }

    #[test]
    fn what_is_no_set_is_refused() {
        for bytes in [&b"syntax"[..], &[0x0a, 5, 1], &[0x08, 1]] {
            assert!(split(bytes).is_err(), "{bytes:?}");
        }
    }
}
