//! Takes the body of a stream of requests; gives the stream an error where the client cancelled the call.
//!
//! tonic's decoder takes a cancelled stream of requests for one that ended, and a handler would take half an upload for all of it. So
//! the status has another code on its way through the decoder.

use http_body_util::BodyExt;
use std::{error::Error, fmt, sync::Arc};
use tonic::{Code, Status, body::Body};

#[derive(Debug)]
struct Cancelled;

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the client cancelled the call")
    }
}

impl Error for Cancelled {}

/// `body`, whose cancellation the decoder does not see.
pub(crate) fn hide(body: Body) -> Body {
    Body::new(body.map_err(|status| match status.code() {
        Code::Cancelled => {
            let mut hidden = Status::unknown(Cancelled.to_string());
            hidden.set_source(Arc::new(Cancelled));
            hidden
        }
        _ => status,
    }))
}

/// The status that came out of the decoder, with its own code again.
pub(crate) fn show(status: Status) -> Status {
    if status.source().is_some_and(<dyn Error>::is::<Cancelled>) {
        return Status::cancelled(Cancelled.to_string());
    }
    status
}
