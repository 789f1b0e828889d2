//! Reads when a server wants the next attempt of a call. Source: gRFC A6.

use std::time::Duration;

use tonic::metadata::MetadataMap;

/// The header with which a server says when to try again.
pub(crate) const PUSHBACK: &str = "grpc-retry-pushback-ms";

/// The server's pushback on another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushback {
    Silent,
    After(Duration),
    Stop,
}

/// "The value is to be an ASCII encoded signed 32-bit integer with no unnecessary leading zeros. If the value for pushback is negative or
/// unparseble, then it will be seen as the server asking the client not to retry at all."
pub(crate) fn pushback(metadata: &MetadataMap) -> Pushback {
    let Some(value) = metadata.get(PUSHBACK) else { return Pushback::Silent };
    let written = |text: &&str| *text == "0" || !text.starts_with(['0', '+']);
    let ms = value.to_str().ok().filter(written).and_then(|text| text.parse::<i32>().ok());
    match ms.map(u64::try_from) {
        Some(Ok(ms)) => Pushback::After(Duration::from_millis(ms)),
        _ => Pushback::Stop,
    }
}
