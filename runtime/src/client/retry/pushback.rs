//! Server pushback: when the server wants the next attempt. Source: gRFC A6.

use std::time::Duration;

use tonic::metadata::MetadataMap;

/// The metadata with the server's pushback, in milliseconds.
pub(crate) const PUSHBACK: &str = "grpc-retry-pushback-ms";

/// The server's pushback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushback {
    None,
    /// Retry after this delay.
    After(Duration),
    /// Do not retry.
    Stop,
}

/// "The value is to be an ASCII encoded signed 32-bit integer with no unnecessary leading zeros. If the value for pushback is negative or
/// unparseble, then it will be seen as the server asking the client not to retry at all."
pub(crate) fn pushback(metadata: &MetadataMap) -> Pushback {
    let Some(value) = metadata.get(PUSHBACK) else { return Pushback::None };
    let written = |text: &&str| *text == "0" || !text.starts_with(['0', '+']);
    let ms = value.to_str().ok().filter(written).and_then(|text| text.parse::<i32>().ok());
    match ms.map(u64::try_from) {
        Some(Ok(ms)) => Pushback::After(Duration::from_millis(ms)),
        _ => Pushback::Stop,
    }
}
