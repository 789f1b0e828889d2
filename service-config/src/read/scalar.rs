//! Reads numbers, strings, durations and status codes.

use std::time::Duration;

use super::{
    misspelling,
    object::{Findings, Located},
};
use crate::json::Kind;

/// `google.rpc.Code`, by number.
const CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// The longest `google.protobuf.Duration`: about 10,000 years.
const MOST_SECONDS: u64 = 315_576_000_000;

impl<'a> Located<'a> {
    fn str(&self) -> Option<&'a str> {
        if let Kind::String(text) = self.kind() { Some(text) } else { None }
    }

    fn number(&self) -> Option<&'a str> {
        if let Kind::Number = self.kind() { Some(self.written()) } else { None }
    }

    pub(super) fn integer(&self) -> Option<u64> {
        self.number()?.parse().ok()
    }

    pub(super) fn string(&self, findings: &mut Findings) -> Option<&'a str> {
        self.str().or_else(|| self.expected("a string", findings))
    }

    pub(super) fn boolean(&self, findings: &mut Findings) -> Option<bool> {
        let Kind::Bool(value) = self.kind() else { return self.expected("true or false", findings) };
        Some(*value)
    }

    /// A `google.protobuf.UInt32Value`, which may also be a string in protobuf's JSON.
    pub(super) fn uint32(&self, findings: &mut Findings) -> Option<u32> {
        let number = match self.kind() {
            Kind::String(digits) => digits.parse().ok(),
            _ => self.integer().and_then(|number| u32::try_from(number).ok()),
        };
        number.or_else(|| self.expected("an integer from 0 to 4294967295", findings))
    }

    pub(super) fn size(&self, findings: &mut Findings) -> Option<usize> {
        self.uint32(findings).and_then(|size| usize::try_from(size).ok())
    }

    pub(super) fn percentage(&self, findings: &mut Findings) -> Option<u32> {
        self.uint32(findings)
            .filter(|percent| *percent <= 100)
            .or_else(|| self.expected("a percentage from 0 to 100", findings))
    }

    /// A number greater than 0.
    pub(super) fn positive(&self, findings: &mut Findings) -> Option<f64> {
        let number = self.number().and_then(|text| text.parse().ok());
        number
            .filter(|number: &f64| *number > 0.0 && number.is_finite())
            .or_else(|| self.expected("a number greater than 0", findings))
    }

    /// A duration in protobuf's JSON: decimal seconds with the suffix `s`.
    pub(super) fn duration(&self, findings: &mut Findings) -> Option<Duration> {
        if let Some(duration) = self.str().and_then(seconds) {
            return Some(duration);
        }
        let problem = match self.number().or(self.str()).and_then(meant) {
            Some(meant) => format!("{} is not a duration in seconds; did you mean \"{meant}\"?", self.written()),
            None => format!("{} is not a duration such as \"0.1s\"", self.written()),
        };
        findings.problem(self.place(), problem);
        None
    }

    pub(super) fn positive_duration(&self, findings: &mut Findings) -> Option<Duration> {
        self.duration(findings).and_then(|duration| {
            if duration.is_zero() { self.expected("a duration greater than 0", findings) } else { Some(duration) }
        })
    }

    /// A status code, by number or name.
    fn code(&self, findings: &mut Findings) -> Option<i32> {
        let number = match self.kind() {
            Kind::String(name) => CODES.iter().position(|code| code.eq_ignore_ascii_case(name)),
            _ => self.integer().and_then(|number| usize::try_from(number).ok()).filter(|n| *n < CODES.len()),
        };
        if let Some(number) = number {
            return i32::try_from(number).ok();
        }
        let name = self.str().unwrap_or_default();
        let problem = match CODES.iter().find(|code| misspelling::is_misspelling(name, code)) {
            Some(code) => format!("{} is not a status code; did you mean \"{code}\"?", self.written()),
            None => format!("{} is not a status code such as \"UNAVAILABLE\" or 14", self.written()),
        };
        findings.problem(self.place(), problem);
        None
    }

    pub(super) fn codes(&self, findings: &mut Findings) -> Option<Vec<i32>> {
        let codes = self.array(findings)?;
        codes.iter().map(|code| code.code(findings)).collect::<Vec<_>>().into_iter().collect()
    }
}

/// Parses `1.5s`, and what other parsers accept too: `.5s`, `1.s`, `+1s`, and more than nine decimal places.
fn seconds(text: &str) -> Option<Duration> {
    let number = text.strip_suffix('s')?;
    let number = number.strip_prefix('+').unwrap_or(number);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let seconds: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let nanoseconds = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    let nanoseconds = nanoseconds.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    (seconds <= MOST_SECONDS).then(|| Duration::new(seconds, nanoseconds))
}

/// Returns the duration that was probably meant by a number, or by a string with another unit.
fn meant(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor = match unit.trim() {
        "ns" => 1e-9,
        "us" | "\u{b5}s" => 1e-6,
        "ms" | "milliseconds" => 1e-3,
        "" | "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        _ => return None,
    };
    let number: f64 = number.parse().ok()?;
    Some(format!("{}s", number * factor))
}
