//! Bytes or text in, standard output out.

use std::io::{self, ErrorKind, Write};

/// Writes all of it.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), String> {
    write(io::stdout().lock(), bytes)
}

/// Writes all of it, without its colours unless a terminal shows them.
pub(crate) fn text(text: &str) -> Result<(), String> {
    write(anstream::stdout().lock(), text.as_bytes())
}

fn write(mut out: impl Write, bytes: &[u8]) -> Result<(), String> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        // A reader that has seen enough, such as `head`, is no error.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("cannot write standard output: {error}")),
        _ => Ok(()),
    }
}
