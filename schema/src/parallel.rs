//! Maps a slice on all cores, and runs a function on a thread with a large stack.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;

/// The size of a stack, in bytes. For the deepest schema, unoptimized code needs more than the 1 MiB that the main thread has on
/// some systems.
const STACK: usize = 8 << 20;

/// Calls `f` on a thread whose stack suffices for the deepest schema, or on this thread if none can be spawned.
pub fn on_large_stack<R: Send>(f: impl Fn() -> R + Sync) -> R {
    thread::scope(|scope| match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &f) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
        Err(_) => f(),
    })
}

/// How much work an item takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Enough to pay for a thread, such as generating a file.
    Much,
    /// So little that only several items pay for a thread, such as one pass over a file.
    Little,
}

/// Returns `items.iter().map(f).collect()`, computed on several threads. Their number does not change the result.
pub fn map<T: Sync, R: Send>(each: Work, items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    const LITTLE: usize = 8;
    let threads = match each {
        Work::Much => items.len(),
        Work::Little => items.len() / LITTLE,
    };
    if threads < 2 || cores() < 2 {
        return items.iter().map(f).collect();
    }
    let next = AtomicUsize::new(0);
    // A slot for each result: sorting them would compile a sort for every result type.
    let results: Vec<_> = items.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        while let Some((index, item)) = take(&next, items) {
            let result = f(item);
            *results[index].lock().expect("no thread panics while it holds the lock") = Some(result);
        }
    };
    thread::scope(|scope| {
        // If a thread cannot be spawned, the others do its work.
        (1..threads.min(cores())).for_each(|_| _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work));
        work();
    });
    let results = results.into_iter().map(|result| result.into_inner().ok().flatten());
    results.map(|result| result.expect("a panic of a thread ends the scope")).collect()
}

/// Like [`map`], with mutable items.
pub fn map_mut<T: Send, R: Send>(each: Work, items: &mut [T], f: impl Fn(&mut T) -> R + Sync) -> Vec<R> {
    let items: Vec<_> = items.iter_mut().map(Mutex::new).collect();
    map(each, &items, |item| f(&mut item.lock().expect("each item is taken once")))
}

/// Returns the number of cores, which the system is asked for once.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

fn take<'a, T>(next: &AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, items.get(index)?))
}
