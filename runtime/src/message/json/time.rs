//! The JSON of `google.protobuf.Timestamp` and `Duration`: text, within the ranges that protobuf defines.

use prost_types::{Duration, Timestamp};

use crate::message::transcode::error::{Result, TranscodeError};

pub(super) fn checked_timestamp(timestamp: Timestamp) -> Result<Timestamp> {
    // From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
    let valid = (-62_135_596_800..=253_402_300_799).contains(&timestamp.seconds)
        && (0..1_000_000_000).contains(&timestamp.nanos);
    valid.then_some(timestamp).ok_or_else(|| TranscodeError::new("the timestamp is out of range"))
}

pub(super) fn checked_duration(duration: Duration) -> Result<Duration> {
    let (seconds, nanos) = (duration.seconds, duration.nanos);
    let valid = seconds.unsigned_abs() <= 315_576_000_000
        && nanos.unsigned_abs() < 1_000_000_000
        && seconds.signum() * i64::from(nanos.signum()) >= 0;
    valid.then_some(duration).ok_or_else(|| TranscodeError::new("the duration is out of range"))
}

pub(super) fn read_timestamp(text: &str) -> Result<Timestamp> {
    let refuse = || TranscodeError::new("expected a timestamp such as 2006-01-02T15:04:05Z");
    // prost-types also accepts a date alone, other separators, lower-case letters and other offsets.
    let ends_in_offset = || {
        let offset = text.len().checked_sub(6).and_then(|start| text.as_bytes().get(start..));
        matches!(offset, Some([b'+' | b'-', _, _, b':', _, _]))
    };
    let is_strict = text.as_bytes().get(10) == Some(&b'T') && (text.ends_with('Z') || ends_in_offset());
    let timestamp = text.parse().ok().filter(|_| is_strict).ok_or_else(refuse)?;
    checked_timestamp(timestamp)
}

pub(super) fn read_duration(text: &str) -> Result<Duration> {
    let duration = text.parse().map_err(|_| TranscodeError::new("expected a duration such as 1.5s"))?;
    checked_duration(duration)
}
