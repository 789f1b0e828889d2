//! Runs code of a user; a panic of it ends here.

use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Calls `run`; if it panics, gives what `report` makes of the payload.
pub(crate) fn catch<T, E>(run: impl FnOnce() -> T, report: impl FnOnce(&(dyn Any + Send)) -> E) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| {
        let error = report(&*payload);
        // A payload is of any type, and may itself panic when it is dropped.
        if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            mem::forget(again);
        }
        error
    })
}

/// The text of a panic; empty if its payload is something else.
pub(crate) fn message(payload: &(dyn Any + Send)) -> &str {
    match payload.downcast_ref::<&str>() {
        Some(text) => text,
        None => payload.downcast_ref::<String>().map_or("", String::as_str),
    }
}

/// Calls `run`; whether it panics is nobody's concern.
pub(crate) fn quietly(run: impl FnOnce()) {
    catch(run, |_| ()).unwrap_or_default();
}
