//! Takes what a request's body breaks off with; gives it the code `CANCELLED`, which a handler hears whenever its client is gone.
//!
//! tonic's decoder takes a cancelled stream of requests for one that ended, and a handler would take half an upload for all of it. So
//! the status has another code on its way through the decoder.

use super::lost;
use std::{error::Error, fmt, sync::Arc};
use tonic::{Code, Status};

const CANCELLED: &str = "the client cancelled the call";

/// A client that is gone, and how that showed.
#[derive(Debug, Clone)]
struct Gone(Status);

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.code() {
            Code::Cancelled => f.write_str(CANCELLED),
            _ => write!(f, "the requests broke off: {}", self.0.message()),
        }
    }
}

impl Error for Gone {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// `status`, which a body broke off with, for the decoder.
pub(super) fn hide(status: Status) -> Status {
    if is_loss(&status) { hidden(status) } else { status }
}

/// The status of requests whose client, in the same process, has cancelled the call.
pub(crate) fn cancelled() -> Status {
    Status::cancelled(CANCELLED)
}

/// The error of a body of requests that are not complete: the transport resets their stream with `CANCEL`.
pub(crate) fn reset_by_cancel() -> Status {
    let status = Status::cancelled("the requests broke off");
    #[cfg(feature = "_http2")]
    let status = {
        let mut status = status;
        status.set_source(Arc::new(h2::Error::from(h2::Reason::CANCEL)));
        status
    };
    status
}

/// The status of a body that ends although its stream did not.
pub(super) fn broken_off() -> Status {
    hidden(Status::cancelled("the stream was reset with NO_ERROR, which hyper takes for its end"))
}

/// Whether the transport says so, and not a layer. Layers between hyper and here pass on tonic's status for hyper's error, without that
/// error, so that most codes stand for it; the others tonic has only for two rare resets.
fn is_loss(status: &Status) -> bool {
    #[cfg(feature = "web")]
    if status.source().is_some_and(<dyn Error>::is::<crate::web::NotBase64>) {
        return false;
    }
    matches!(status.code(), Code::Cancelled | Code::Internal | Code::Unavailable | Code::Unknown)
        || status.message().starts_with("h2 protocol error")
        || lost::is_loss(status)
}

fn hidden(status: Status) -> Status {
    let gone = Gone(status);
    let mut hidden = Status::unknown(gone.to_string());
    hidden.set_source(Arc::new(gone));
    hidden
}

/// The status that came out of the decoder, with its own code again.
pub(crate) fn show(status: Status) -> Status {
    let Some(gone) = status.source().and_then(<dyn Error>::downcast_ref::<Gone>) else { return status };
    let mut shown = Status::cancelled(gone.to_string());
    shown.set_source(Arc::new(gone.clone()));
    shown
}
