//! The series of one method on one side.

use std::sync::Arc;
use std::time::Duration;

use ::metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};

use crate::intercept::{Cause, TellAttempt, TellLength};
use crate::telemetry::side::Side;
use crate::{Code, MethodDescriptor, MethodKind};

/// The codes by number, in Go's spelling, which existing dashboards use.
const CODES: [&str; 17] = [
    "OK",
    "Canceled",
    "Unknown",
    "InvalidArgument",
    "DeadlineExceeded",
    "NotFound",
    "AlreadyExists",
    "PermissionDenied",
    "ResourceExhausted",
    "FailedPrecondition",
    "Aborted",
    "OutOfRange",
    "Unimplemented",
    "Internal",
    "Unavailable",
    "DataLoss",
    "Unauthenticated",
];

type Labels = [(&'static str, &'static str); 3];

/// The series of a method. The observers of messages and attempts are created here once, and not for each call.
pub(super) struct MethodSeries {
    started: Counter,
    handled: [Counter; CODES.len()],
    pub(super) requests: TellLength,
    pub(super) responses: TellLength,
    seconds: Histogram,
    /// Only for a method that streams.
    stream_seconds: Option<Histogram>,
    active: Gauge,
    /// Only for clients.
    pub(super) attempts: Option<TellAttempt>,
}

/// The observer of messages in one direction.
fn messages(side: Side, direction: &str, labels: &Labels) -> TellLength {
    let total = counter!(side.metric(&format!("msg_{direction}_total")), labels);
    let bytes = histogram!(side.metric(&format!("msg_{direction}_bytes")), labels);
    Arc::new(move |len| {
        total.increment(1);
        #[expect(clippy::cast_precision_loss, reason = "a message has less than 4 GiB")]
        bytes.record(len as f64);
    })
}

/// The observer of attempts after the first.
fn attempts([retry, transparent, hedge]: [Counter; 3]) -> TellAttempt {
    Arc::new(move |attempt| match attempt.cause() {
        Cause::First => {}
        Cause::Retry => retry.increment(1),
        Cause::TransparentRetry => transparent.increment(1),
        Cause::Hedge => hedge.increment(1),
    })
}

impl MethodSeries {
    /// Creates the series of `method`, or without one, those of all unknown methods.
    pub(super) fn new(side: Side, method: Option<&'static MethodDescriptor>) -> Self {
        let kind = method.map(MethodDescriptor::kind);
        let kind_name = match kind {
            Some(MethodKind::Unary) => "unary",
            Some(MethodKind::ClientStreaming) => "client_stream",
            Some(MethodKind::ServerStreaming) => "server_stream",
            Some(MethodKind::BidiStreaming) => "bidi_stream",
            None => "other",
        };
        let [service, name] = method.map_or(["other"; 2], |method| [method.service(), method.name()]);
        let labels = &[("grpc_type", kind_name), ("grpc_service", service), ("grpc_method", name)];
        let with = |key, value| labels.iter().copied().chain([(key, value)]).collect::<Vec<_>>();
        let [requests, responses] = match side {
            Side::Client => ["sent", "received"],
            Side::Server => ["received", "sent"],
        }
        .map(|direction| messages(side, direction, labels));
        let retries = |cause| counter!(side.metric("retries_total"), &with("grpc_cause", cause));
        Self {
            started: counter!(side.metric("started_total"), labels),
            handled: CODES.map(|code| counter!(side.metric("handled_total"), &with("grpc_code", code))),
            requests,
            responses,
            seconds: histogram!(side.metric("handling_seconds"), labels),
            stream_seconds: kind
                .is_some_and(|kind| kind != MethodKind::Unary)
                .then(|| histogram!(side.metric("stream_duration_seconds"), labels)),
            active: gauge!(side.metric("active_streams"), labels),
            attempts: (side == Side::Client).then(|| attempts(["retry", "transparent", "hedge"].map(retries))),
        }
    }

    pub(super) fn start(&self) {
        self.started.increment(1);
        self.active.increment(1);
    }

    pub(super) fn end(&self, code: Code, took: Duration) {
        if let Some(handled) = self.handled.get(code as usize) {
            handled.increment(1);
        }
        self.seconds.record(took);
        if let Some(seconds) = &self.stream_seconds {
            seconds.record(took);
        }
        self.active.decrement(1);
    }
}
