//! Names the reason for which a connection ended, as gRFC A94 does.
#![cfg_attr(not(feature = "otel"), allow(dead_code, reason = "nobody else wants to know"))]

use std::borrow::Cow;
use std::io::ErrorKind;

use h2::Reason;

/// Why no more calls can be made on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disconnect {
    /// The server said so.
    GoAway(Reason),
    /// This side did.
    Shutdown,
    Reset,
    /// Also where the server did not answer a ping.
    TimedOut,
    Aborted,
    Socket,
    Unknown,
}

impl Disconnect {
    /// A value of `grpc.disconnect_error`.
    pub(crate) fn text(self) -> Cow<'static, str> {
        match self {
            // The codes that RFC 9113, 7 has: of others there are too many for the values of an attribute.
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
