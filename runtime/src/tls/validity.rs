//! Reads the validity period of a certificate.

use std::time::{Duration, SystemTime};

use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::time::Time;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    from: SystemTime,
    pub(super) until: SystemTime,
}

impl Validity {
    pub(super) fn of(certificate: &[u8]) -> Option<Self> {
        let certificate = Certificate::from_der(certificate).ok()?;
        let validity = certificate.tbs_certificate().validity();
        let time = |time: &Time| SystemTime::UNIX_EPOCH + time.to_unix_duration();
        Some(Self { from: time(&validity.not_before), until: time(&validity.not_after) })
    }

    pub(super) fn has_expired(&self) -> bool {
        self.left().is_zero()
    }

    pub(super) fn left(&self) -> Duration {
        self.until.duration_since(SystemTime::now()).unwrap_or_default()
    }

    /// Whether so little time is left that a renewal must have failed.
    pub(super) fn ends_soon(&self) -> bool {
        self.left() < self.until.duration_since(self.from).unwrap_or_default() / 6
    }
}
