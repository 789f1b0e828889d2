//! Metrics of TLS: handshakes, reloads and the expiry of certificates.

use std::time::{SystemTime, UNIX_EPOCH};

use ::metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

const HANDSHAKES: &str = "grpc_tls_handshakes_total";
const RELOADS: &str = "grpc_tls_reloads_total";
const EXPIRY: &str = "grpc_tls_certificate_expiry_timestamp_seconds";

/// Describes the metrics of TLS to the recorder.
fn describe() {
    describe_counter!(HANDSHAKES, Unit::Count, "TLS handshakes, by outcome.");
    describe_counter!(RELOADS, Unit::Count, "Reloads of certificates, by outcome.");
    describe_gauge!(EXPIRY, Unit::Seconds, "Expiry of the certificate in use, in seconds since 1970.");
}

/// A TLS handshake of `side`. If this is dropped, it has failed.
#[must_use]
pub(crate) struct Handshake {
    side: &'static str,
    outcome: &'static str,
}

impl Handshake {
    pub(crate) fn begin(side: &'static str) -> Self {
        Self { side, outcome: "failed" }
    }

    pub(crate) fn succeeded(mut self) {
        self.outcome = "ok";
    }
}

impl Drop for Handshake {
    fn drop(&mut self) {
        counter!(HANDSHAKES, "side" => self.side, "outcome" => self.outcome).increment(1);
    }
}

/// Creates the series of a `side` that uses TLS.
pub(crate) fn reloading(side: &'static str) {
    describe();
    for outcome in ["ok", "failed"] {
        counter!(HANDSHAKES, "side" => side, "outcome" => outcome).increment(0);
        counter!(RELOADS, "side" => side, "outcome" => outcome).increment(0);
    }
}

/// Records a reload of the certificates of `side`, and whether they are in use.
pub(crate) fn reloaded(side: &'static str, is_used: bool) {
    counter!(RELOADS, "side" => side, "outcome" => if is_used { "ok" } else { "failed" }).increment(1);
}

/// Records the expiry of the certificate of `side`.
pub(crate) fn expires(side: &'static str, end: SystemTime) {
    gauge!(EXPIRY, "side" => side).set(end.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64());
}
