//! Runs a user's code, and catches its panics.

use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Calls `run`; if it panics, returns the result of `report` as the error.
pub(crate) fn catch<T, E>(run: impl FnOnce() -> T, report: impl FnOnce(&(dyn Any + Send)) -> E) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| {
        let error = report(&*payload);
        // A payload may be of any type, and may panic when it is dropped.
        if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            mem::forget(again);
        }
        error
    })
}

/// The text of a panic; empty if its payload is not a string.
pub(crate) fn message(payload: &(dyn Any + Send)) -> &str {
    match payload.downcast_ref::<&str>() {
        Some(text) => text,
        None => payload.downcast_ref::<String>().map_or("", String::as_str),
    }
}

/// Calls `run`, and ignores its panic.
pub(crate) fn quietly(run: impl FnOnce()) {
    catch(run, |_| ()).unwrap_or_default();
}
