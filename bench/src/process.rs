//! A command in; the seconds that its process took and the megabytes that it held at most out.

use std::process::{Command, Stdio};
use std::time::Instant;
use wait4::Wait4;

/// Runs the command to its end.
///
/// # Panics
/// Panics if the command cannot be run or fails.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn measure(command: &mut Command) -> [f64; 2] {
    let start = Instant::now();
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let used = child.wait4().expect("a child can be waited for");
    let seconds = start.elapsed().as_secs_f64();
    assert!(used.status.success(), "failed: {command:?}");
    [seconds, used.rusage.maxrss as f64 / 1e6]
}
