//! The reasons of gRFC A94 for which a connection ends.
#![cfg_attr(not(feature = "otel"), allow(dead_code, reason = "only OpenTelemetry records them"))]

use std::borrow::Cow;
use std::io::ErrorKind;

use h2::Reason;

/// The reason for which a connection takes no more calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disconnect {
    /// The server sent GOAWAY.
    GoAway(Reason),
    /// This side closed it.
    Shutdown,
    Reset,
    /// The socket timed out, or the server did not answer a ping.
    TimedOut,
    Aborted,
    Socket,
    Unknown,
}

impl Disconnect {
    /// The value of the attribute `grpc.disconnect_error`.
    pub(crate) fn text(self) -> Cow<'static, str> {
        match self {
            // The codes of RFC 9113, 7: arbitrary ones would be too many values for an attribute.
            Self::GoAway(reason) if u32::from(reason) <= u32::from(Reason::HTTP_1_1_REQUIRED) => {
                return format!("GOAWAY {reason:?}").into();
            }
            Self::GoAway(_) => "GOAWAY UNKNOWN",
            Self::Shutdown => "subchannel shutdown",
            Self::Reset => "connection reset",
            Self::TimedOut => "connection timed out",
            Self::Aborted => "connection aborted",
            Self::Socket => "socket error",
            Self::Unknown => "unknown",
        }
        .into()
    }
}

impl From<&h2::Error> for Disconnect {
    fn from(error: &h2::Error) -> Self {
        if let Some(error) = error.get_io() {
            return match error.kind() {
                ErrorKind::ConnectionReset => Self::Reset,
                ErrorKind::TimedOut => Self::TimedOut,
                ErrorKind::ConnectionAborted => Self::Aborted,
                _ => Self::Socket,
            };
        }
        match error.reason() {
            Some(reason) if error.is_go_away() && error.is_remote() => Self::GoAway(reason),
            _ => Self::Unknown,
        }
    }
}
