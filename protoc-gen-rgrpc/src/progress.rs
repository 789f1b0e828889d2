//! Shows a line on the terminal while a command takes long.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

const PERIOD: Duration = Duration::from_secs(1);

/// Runs `work`. If standard error is a terminal, shows `activity` and the elapsed seconds meanwhile.
pub(crate) fn show_while<R>(activity: &str, work: impl FnOnce() -> R) -> R {
    if io::stderr().is_terminal() { with_line(activity, PERIOD, io::stderr(), work) } else { work() }
}

fn with_line<R>(activity: &str, period: Duration, mut out: impl Write + Send, work: impl FnOnce() -> R) -> R {
    let (done, is_done) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let start = Instant::now();
            let mut width = 0;
            while is_done.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
                let line = format!("{activity}, {} s", start.elapsed().as_secs());
                // The carriage return lets a warning overwrite the line.
                let _ = write!(out, "{line}\r").and_then(|()| out.flush());
                width = line.len();
            }
            if width > 0 {
                let _ = write!(out, "{:width$}\r", "").and_then(|()| out.flush());
            }
        });
        let result = work();
        drop(done);
        result
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_work_is_announced_and_the_line_is_erased() {
        let mut out = Vec::new();
        let result = with_line("working", Duration::from_millis(1), &mut out, || {
            thread::sleep(Duration::from_millis(50));
            7
        });
        let text = String::from_utf8(out).unwrap();
        assert_eq!(result, 7);
        assert!(text.starts_with("working, 0 s\r"), "{text:?}");
        assert!(text.ends_with("\r            \r"), "{text:?}");
    }

    #[test]
    fn short_work_is_silent() {
        let mut out = Vec::new();
        with_line("working", Duration::from_secs(60), &mut out, || ());
        assert!(out.is_empty());
    }
}
