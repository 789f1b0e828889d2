//! Writes to standard output.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the reader of standard output has closed the pipe.
static IS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Writes bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), String> {
    write(io::stdout().lock(), bytes)
}

/// Writes text, without its styles unless standard output is a terminal.
pub(crate) fn text(text: &str) -> Result<(), String> {
    write(anstream::stdout().lock(), text.as_bytes())
}

/// Whether the reader has closed the pipe, as far as earlier writes have shown.
pub(crate) fn is_closed() -> bool {
    IS_CLOSED.load(Ordering::Relaxed)
}

fn write(mut out: impl Write, bytes: &[u8]) -> Result<(), String> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        // It is not an error that a reader such as `head` has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => IS_CLOSED.store(true, Ordering::Relaxed),
        Err(error) => return Err(format!("cannot write to standard output: {error}")),
        Ok(()) => {}
    }
    Ok(())
}
