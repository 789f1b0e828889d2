//! Maps the error of an incomplete request body to `CANCELLED`, which a handler receives whenever its client is gone.

#[cfg(feature = "web")]
use std::error::Error;
use std::sync::Arc;

use tonic::{Code, Status};

use super::transport_error;

const CANCELLED: &str = "the client cancelled the call";

/// Maps the error of a body: to `CANCELLED` if the client is gone, and to itself otherwise.
pub(super) fn if_lost(status: Status) -> Status {
    if is_loss(&status) { gone(status) } else { status }
}

/// The status of requests after a client in the same process has cancelled the call.
pub(crate) fn cancelled() -> Status {
    Status::cancelled(CANCELLED)
}

/// The error of a request body that ends before it is complete: it makes the transport reset the stream with `CANCEL`.
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

/// The status of a body that ends before its stream does.
pub(super) fn broken_off() -> Status {
    gone(Status::cancelled("the stream was reset with NO_ERROR, which hyper takes for its end"))
}

/// Whether `status` comes from the transport, and not from a layer. Layers between hyper and this crate pass on the status that tonic made of
/// hyper's error, without the error itself. So these codes count as the transport's; tonic uses other codes only for two rare resets.
fn is_loss(status: &Status) -> bool {
    #[cfg(feature = "web")]
    if status.source().is_some_and(<dyn Error>::is::<crate::web::NotBase64>) {
        return false;
    }
    matches!(status.code(), Code::Cancelled | Code::Internal | Code::Unavailable | Code::Unknown)
        || status.message().starts_with("h2 protocol error")
        || transport_error::is_loss(status)
}

/// The status of requests whose client is gone, with `cause` as its source.
fn gone(cause: Status) -> Status {
    let mut gone = match cause.code() {
        Code::Cancelled => cancelled(),
        _ => Status::cancelled(format!("the requests broke off: {}", cause.message())),
    };
    gone.set_source(Arc::new(cause));
    gone
}
