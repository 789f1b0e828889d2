//! Maps the error with which a request's body breaks off to `CANCELLED`, which a handler gets whenever its client is gone.

#[cfg(feature = "web")]
use std::error::Error;
use std::sync::Arc;

use tonic::{Code, Status};

use super::transport_error;

const CANCELLED: &str = "the client cancelled the call";

/// `status`, which a body broke off with.
pub(super) fn if_lost(status: Status) -> Status {
    if is_loss(&status) { gone(status) } else { status }
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
    gone(Status::cancelled("the stream was reset with NO_ERROR, which hyper takes for its end"))
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
        || transport_error::is_loss(status)
}

/// The status of requests whose client is gone, which `cause` shows.
fn gone(cause: Status) -> Status {
    let mut gone = match cause.code() {
        Code::Cancelled => cancelled(),
        _ => Status::cancelled(format!("the requests broke off: {}", cause.message())),
    };
    gone.set_source(Arc::new(cause));
    gone
}
