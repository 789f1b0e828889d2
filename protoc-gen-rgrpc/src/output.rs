//! Bytes in, standard output out.

use std::io::{self, ErrorKind, Write};

/// Writes all of it; a reader that has seen enough, such as `head`, is no error.
pub(crate) fn write(bytes: &[u8]) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("cannot write standard output: {error}")),
        _ => Ok(()),
    }
}
