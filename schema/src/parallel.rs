//! Items in, what a function makes of each out, in the same order, on as many threads as the machine has.

use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Bytes of a stack. An unoptimized syn takes more than one MiB for the deepest schema, which is all that the main
/// thread has on some systems.
const STACK: usize = 8 << 20;

/// Calls `f` on a thread with room for the deepest schema, where there are threads.
pub fn with_room<R: Send>(f: impl Fn() -> R + Sync) -> R {
    thread::scope(|scope| match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &f) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
        Err(_) => f(),
    })
}

/// Like `items.iter().map(f).collect()`; the number of threads changes nothing but the time it takes.
pub fn map<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(items.len()));
    let work = || {
        while let Some((index, item)) = take(&next, items) {
            let result = f(item);
            results.lock().expect("no thread panics while it holds the lock").push((index, result));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len());
    thread::scope(|scope| {
        // The work of a thread that cannot be had is done by the others.
        (1..threads).for_each(|_| _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work));
        work();
    });
    let mut results = results.into_inner().expect("a panic of a thread ends the scope");
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Like [`map`], of items that the function may change.
pub fn map_mut<T: Send, R: Send>(items: &mut [T], f: impl Fn(&mut T) -> R + Sync) -> Vec<R> {
    let items: Vec<_> = items.iter_mut().map(Mutex::new).collect();
    map(&items, |item| f(&mut item.lock().expect("each item is taken once")))
}

fn take<'a, T>(next: &AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, items.get(index)?))
}
