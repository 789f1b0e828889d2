//! Maps the error of a transport to gRPC's status, and tells whether the server may have seen the call.
//!
//! A connection that ends before the call does is `UNAVAILABLE` (statuscodes.md: `some data transmitted before connection breaks`), as is
//! a GOAWAY; a reset stream has the code of PROTOCOL-HTTP2.md's table. tonic's own codes depend on which of its layers notices first. So this
//! module looks for the errors of hyper, h2 and the operating system in the chain of sources, which remains the source of the status.

use std::error::Error;
use std::iter::successors;
use std::sync::Arc;
use std::{fmt, io};

use tonic::{Code, ConnectError, Status, TimeoutExpired};

#[cfg(feature = "channel")]
use super::NeverSent;
use crate::BoxError;
#[cfg(feature = "channel")]
use crate::client::connection::unreachable::Unreachable;

/// How far a call got before its transport failed. Only HTTP/2 can tell that it did not reach the application.
#[cfg_attr(not(feature = "_http2"), allow(dead_code))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// It never left the client.
    Nothing,
    /// The server, which said that it did not process the call.
    Library,
    /// Perhaps the application.
    Application,
}

/// The meaning of a transport's error.
#[derive(Debug, Clone, Copy)]
struct LossCause {
    code: Code,
    reached: Reached,
    what: &'static str,
}

/// The status of a call whose transport returned `error` instead of a response.
pub(crate) fn status_of_failure(error: BoxError) -> Status {
    let status = Status::from_error(error);
    match cause(&status) {
        Some(cause) => lost(cause, status),
        None => status,
    }
}

/// The status of a call whose response ended with `status`, which tonic made of an error of the transport. The server has answered.
pub(crate) fn status_of_loss(status: Status) -> Status {
    match cause(&status) {
        Some(cause) => lost(LossCause { reached: Reached::Application, ..cause }, status),
        None => status,
    }
}

/// Whether tonic made `status` of an error of the transport.
pub(crate) fn is_loss(status: &Status) -> bool {
    cause(status).is_some()
}

/// How far a call got that ended with `status`.
pub(crate) fn reached(status: &Status) -> Reached {
    status.source().and_then(|source| source.downcast_ref::<Lost>()).map_or(Reached::Application, |lost| lost.reached)
}

/// The source of a status for a lost call: it records how far the call got, and leads on to the error of the transport.
#[derive(Debug)]
struct Lost {
    reached: Reached,
    /// The status that tonic made, with the error as its source.
    status: Status,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status.message())
    }
}

impl Error for Lost {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.status.source()
    }
}

fn lost(LossCause { code, reached, what }: LossCause, status: Status) -> Status {
    let mut message = what.to_owned();
    let mut last = String::new();
    for error in chain(&status) {
        let text = error.to_string();
        if !last.contains(&text) {
            message += ": ";
            message += &text;
            last = text;
        }
    }
    let mut ours = Status::new(code, message);
    ours.set_source(Arc::new(Lost { reached, status }));
    ours
}

/// The errors behind `status`.
fn chain(status: &Status) -> impl Iterator<Item = &(dyn Error + 'static)> {
    successors(status.source(), |error: &&(dyn Error + 'static)| (*error).source())
}

/// The meaning of the error that tonic made `status` of. A layer or a handler chose a status whose text differs from its source: it stays.
fn cause(status: &Status) -> Option<LossCause> {
    let text = status.message();
    if !chain(status).any(|error| text.ends_with(&error.to_string())) {
        return None;
    }
    let mut found = None;
    for error in chain(status) {
        if error.is::<Status>() || error.is::<TimeoutExpired>() || error.is::<Lost>() {
            return None;
        }
        if let Some(cause) = decisive(error) {
            return Some(cause);
        }
        found = found.or_else(|| vague(error));
    }
    found
}

const fn unavailable(what: &'static str, reached: Reached) -> LossCause {
    LossCause { code: Code::Unavailable, reached, what }
}

/// The cause that `error` stands for, whatever its source is.
fn decisive(error: &(dyn Error + 'static)) -> Option<LossCause> {
    const UNREACHABLE: LossCause = unavailable("cannot connect to the server", Reached::Application);
    if error.is::<ConnectError>() {
        return Some(UNREACHABLE);
    }
    #[cfg(feature = "channel")]
    if error.is::<Unreachable>() {
        return Some(UNREACHABLE);
    }
    #[cfg(feature = "channel")]
    if error.is::<NeverSent>() {
        return Some(unavailable("the connection ended before the call was sent", Reached::Nothing));
    }
    #[cfg(feature = "_http2")]
    if let Some(error) = error.downcast_ref() {
        return http2(error);
    }
    #[cfg(feature = "_http2")]
    if error.downcast_ref().is_some_and(hyper::Error::is_canceled) {
        // hyper calls a request canceled that it still holds when the connection ends.
        return Some(unavailable("the connection ended before the call was sent", Reached::Nothing));
    }
    error.downcast_ref().and_then(connection)
}

/// The cause that `error` stands for if no source of it is more specific.
fn vague(error: &(dyn Error + 'static)) -> Option<LossCause> {
    #[cfg(feature = "_http2")]
    if error.is::<hyper::Error>() || error.is::<tonic::transport::Error>() {
        return Some(CONNECTION_LOST);
    }
    let _ = error;
    None
}

const CONNECTION_LOST: LossCause = unavailable("the connection was lost", Reached::Application);

/// The cause of an error of a socket; none for an error of a file that a transport may have read.
fn connection(error: &io::Error) -> Option<LossCause> {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::AddrNotAvailable
            | Kind::BrokenPipe
            | Kind::ConnectionAborted
            | Kind::ConnectionRefused
            | Kind::ConnectionReset
            | Kind::HostUnreachable
            | Kind::NetworkDown
            | Kind::NetworkUnreachable
            | Kind::NotConnected
            | Kind::TimedOut
            | Kind::UnexpectedEof
    )
    .then_some(CONNECTION_LOST)
}

#[cfg(feature = "_http2")]
fn http2(error: &h2::Error) -> Option<LossCause> {
    if error.is_io() {
        return Some(CONNECTION_LOST);
    }
    if error.is_go_away() {
        // h2 reports the server's GOAWAY only to streams above its last stream id, and to those that do not exist yet.
        let ours = |what| unavailable(what, Reached::Application);
        return Some(match error.reason() {
            _ if error.is_remote() => {
                unavailable("the server ended the connection before it took the call", Reached::Library)
            }
            // h2 ends a connection this way when too much waits to be read, or when too many frames have little or no content.
            Some(h2::Reason::ENHANCE_YOUR_CALM) => ours(
                "the client ended the connection, because too much waited to be read, or because the server sent too many frames with \
                 little or nothing in them; if it is the former, read responses sooner, or have fewer calls share a channel",
            ),
            _ => ours("the connection broke because the server does not speak HTTP/2; does it expect TLS?"),
        });
    }
    error.reason().map(|reason| reset(reason, error.is_remote()))
}

/// Applies the table `The following mapping from RST_STREAM error codes to GRPC error codes is applied`. A code that is not in it counts as
/// `INTERNAL_ERROR`, as RFC 9113 defines for unknown ones.
#[cfg(feature = "_http2")]
fn reset(reason: h2::Reason, by_server: bool) -> LossCause {
    let (code, what) = match reason {
        h2::Reason::REFUSED_STREAM => {
            let reached = if by_server { Reached::Library } else { Reached::Application };
            return unavailable("the server refused the call before it processed it", reached);
        }
        h2::Reason::CANCEL => (Code::Cancelled, "the call was cancelled"),
        h2::Reason::ENHANCE_YOUR_CALM => (Code::ResourceExhausted, "the server has no bandwidth left for the call"),
        h2::Reason::INADEQUATE_SECURITY => {
            (Code::PermissionDenied, "the protocol of the connection is not secure enough for the call")
        }
        _ => (Code::Internal, "the stream of the call was reset"),
    };
    LossCause { code, reached: Reached::Application, what }
}

/// The status of a response whose stream was reset with `NO_ERROR`, which hyper takes for an end, before it had a status.
///
/// A GOAWAY with `NO_ERROR` and a lower last stream id should be `UNAVAILABLE`, but `hyper::body::Incoming::poll_frame` returns `None` for
/// either. No server that follows RFC 9113 sends such a GOAWAY after the headers of the response, because they show that it has processed the
/// stream. This crate's own connections distinguish the two.
pub(crate) fn reset_as_end() -> Status {
    Status::internal("the stream of the call was reset with NO_ERROR before the response had a status")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error of a layer, with another as its source.
    #[derive(Debug)]
    struct Around(BoxError);

    impl fmt::Display for Around {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("around")
        }
    }

    impl Error for Around {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&*self.0)
        }
    }

    fn around(error: impl Into<BoxError>) -> BoxError {
        Box::new(Around(error.into()))
    }

    #[test]
    fn a_connection_that_ends_is_unavailable_however_deep_its_error_is() {
        let io = |kind: io::ErrorKind| io::Error::from(kind);
        let cases: [(BoxError, Code); 8] = [
            (io(io::ErrorKind::ConnectionReset).into(), Code::Unavailable),
            (around(io(io::ErrorKind::BrokenPipe)), Code::Unavailable),
            (around(around(io(io::ErrorKind::UnexpectedEof))), Code::Unavailable),
            (around(ConnectError("refused".into())), Code::Unavailable),
            (around(io(io::ErrorKind::InvalidData)), Code::Unknown),
            ("something else".into(), Code::Unknown),
            (around(Status::not_found("a layer's")), Code::NotFound),
            (around(TimeoutExpired(())), Code::Cancelled),
        ];
        for (error, expected) in cases {
            let claim = format!("{error:?}");
            assert_eq!(status_of_failure(error).code(), expected, "{claim}");
        }
    }

    #[test]
    fn a_status_that_somebody_chose_stays() {
        let mut chosen = Status::permission_denied("the token service is away");
        chosen.set_source(Arc::new(io::Error::from(io::ErrorKind::ConnectionReset)));
        let status = status_of_failure(chosen.into());
        assert_eq!((status.code(), status.message()), (Code::PermissionDenied, "the token service is away"));
    }

    #[test]
    fn the_chain_of_sources_stays_reachable_and_is_in_the_text_once() {
        let status = status_of_failure(around(around(io::Error::from(io::ErrorKind::ConnectionReset))));
        assert_eq!(status.message(), "the connection was lost: around: connection reset");
        assert!(chain(&status).any(<dyn Error>::is::<io::Error>), "{status:?}");
        let again = status_of_loss(status);
        assert_eq!(again.message(), "the connection was lost: around: connection reset");
    }

    #[cfg(feature = "_http2")]
    #[test]
    fn a_reset_has_the_code_of_the_table() {
        let others =
            [(7, Code::Unavailable), (8, Code::Cancelled), (11, Code::ResourceExhausted), (12, Code::PermissionDenied)];
        for reason in 0..15 {
            let expected = others.iter().find(|(other, _)| *other == reason).map_or(Code::Internal, |(_, code)| *code);
            let error = h2::Error::from(h2::Reason::from(reason));
            assert_eq!(status_of_failure(around(error)).code(), expected, "{reason}");
        }
    }
}
