//! Measures the time and the peak memory of processes, and the CPU time of work on this thread.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use wait4::{ResourceUsage, Wait4};

/// Runs the command, and returns its duration in seconds and its peak memory in megabytes.
///
/// # Panics
/// Panics if the command cannot be run or fails.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn measure(command: &mut Command) -> [f64; 2] {
    let start = Instant::now();
    let used = run(command);
    [start.elapsed().as_secs_f64(), used.maxrss as f64 / 1e6]
}

/// Runs the command, and returns the seconds of CPU time of it and of all processes that it started and waited for.
///
/// # Panics
/// Panics if the command cannot be run or fails.
pub(crate) fn processor_seconds(command: &mut Command) -> f64 {
    let used = run(command);
    (used.utime + used.stime).as_secs_f64()
}

fn run(command: &mut Command) -> ResourceUsage {
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let used = child.wait4().expect("a child can be waited for");
    assert!(used.status.success(), "failed: {command:?}");
    used.rusage
}

/// Returns the CPU time that this thread spends on the work. Unlike wall-clock time, it excludes other load on the machine.
pub(crate) fn processor_time(work: impl FnOnce()) -> Duration {
    let start = thread_time();
    work();
    thread_time().saturating_sub(start)
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}
