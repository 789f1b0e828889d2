//! Takes what a request's body breaks off with; gives it the code `CANCELLED`, which a handler hears whenever its client is gone.
//!
//! tonic's decoder takes a cancelled stream of requests for one that ended, and a handler would take half an upload for all of it. So
//! the status has another code on its way through the decoder.

use super::lost;
use std::{error::Error, fmt, sync::Arc};
use tonic::{Code, Status};

/// A client that is gone, by its word or without.
#[derive(Debug)]
struct Cancelled(Option<Status>);

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the client cancelled the call")
    }
}

impl Error for Cancelled {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_ref()?.source()
    }
}

/// `status`, which a body broke off with, for the decoder: hidden if the client is gone.
pub(super) fn hide(status: Status) -> Status {
    if status.code() == Code::Cancelled || lost::is_loss(&status) { hidden(Some(status)) } else { status }
}

/// The status of a body that ends although its stream did not.
pub(super) fn broken_off() -> Status {
    hidden(None)
}

fn hidden(status: Option<Status>) -> Status {
    let cancelled = Cancelled(status);
    let mut hidden = Status::unknown(cancelled.to_string());
    hidden.set_source(Arc::new(cancelled));
    hidden
}

/// The status that came out of the decoder, with its own code again.
pub(crate) fn show(status: Status) -> Status {
    let Some(cancelled) = status.source().and_then(<dyn Error>::downcast_ref::<Cancelled>) else { return status };
    let mut shown = Status::cancelled(cancelled.to_string());
    if let Some(Cancelled(Some(lost))) = Some(cancelled) {
        shown.set_source(Arc::new(lost.clone()));
    }
    shown
}
