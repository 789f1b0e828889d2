//! Maps items by a function, in their order, on as many threads as the machine has.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;

/// Bytes of a stack. An unoptimized syn takes more than one MiB for the deepest schema, which is all that the main
/// thread has on some systems.
const STACK: usize = 8 << 20;

/// Calls `f` on a thread with room for the deepest schema, where there are threads.
pub fn on_large_stack<R: Send>(f: impl Fn() -> R + Sync) -> R {
    thread::scope(|scope| match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &f) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
        Err(_) => f(),
    })
}

/// How much work an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// As much as a thread costs, or more: what becomes a file of its own.
    Much,
    /// So little that only many items are worth a thread: one step for a file.
    Little,
}

/// Like `items.iter().map(f).collect()`; the number of threads changes nothing but the time it takes.
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
    // Each in its place: to sort them would be compiled for every type of results.
    let results: Vec<_> = items.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        while let Some((index, item)) = take(&next, items) {
            let result = f(item);
            *results[index].lock().expect("no thread panics while it holds the lock") = Some(result);
        }
    };
    thread::scope(|scope| {
        // The work of a thread that cannot be had is done by the others.
        (1..threads.min(cores())).for_each(|_| _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work));
        work();
    });
    let results = results.into_iter().map(|result| result.into_inner().ok().flatten());
    results.map(|result| result.expect("a panic of a thread ends the scope")).collect()
}

/// Like [`map`], of items that the function may change.
pub fn map_mut<T: Send, R: Send>(each: Work, items: &mut [T], f: impl Fn(&mut T) -> R + Sync) -> Vec<R> {
    let items: Vec<_> = items.iter_mut().map(Mutex::new).collect();
    map(each, &items, |item| f(&mut item.lock().expect("each item is taken once")))
}

/// How many threads run at a time, which the system is asked once.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

fn take<'a, T>(next: &AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, items.get(index)?))
}
