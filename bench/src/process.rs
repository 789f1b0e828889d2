//! Measures a process, by the clock and by the memory that it held at most, and the processor time of work on this thread.

use rustix::time::{ClockId, clock_gettime};
use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};
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

/// The processor time that this thread spends on the work, which is the same whatever else the machine does.
pub(crate) fn processor_time(work: impl FnOnce()) -> Duration {
    let start = thread_time();
    work();
    thread_time().saturating_sub(start)
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}
