//! Bytes or text in, standard output out.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the reader of standard output has gone.
static IS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Writes all of it.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), String> {
    write(io::stdout().lock(), bytes)
}

/// Writes all of it, without its colours unless a terminal shows them.
pub(crate) fn text(text: &str) -> Result<(), String> {
    write(anstream::stdout().lock(), text.as_bytes())
}

/// Whether somebody may read what is written from now on: nobody does once a write has found the pipe broken.
pub(crate) fn is_read() -> bool {
    !IS_CLOSED.load(Ordering::Relaxed)
}

fn write(mut out: impl Write, bytes: &[u8]) -> Result<(), String> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        // A reader that has seen enough, such as `head`, is no error.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => IS_CLOSED.store(true, Ordering::Relaxed),
        Err(error) => return Err(format!("cannot write standard output: {error}")),
        Ok(()) => {}
    }
    Ok(())
}
