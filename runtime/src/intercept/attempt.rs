//! The attempts of a client's call, as interceptors observe them.

use std::sync::Arc;
use std::{fmt, mem};

use tonic::body::Body;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use super::list::List;
use super::watch::ok;
use super::{OnMessage, Watch, WatchedBody, Watches};
use crate::Deadline;
use crate::deadline::termination::deadline_exceeded;

/// An attempt of a client's call; [`Running::on_attempt`](super::Running::on_attempt) observes it.
pub struct Attempt {
    /// The metadata that this attempt sends.
    pub metadata: MetadataMap,
    cause: Cause,
    on_sent: OnMessage,
    watch: Watch,
}

/// The cause of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Cause {
    /// The first attempt.
    #[default]
    First,
    /// An attempt failed, and the retry policy allows another.
    Retry,
    /// An attempt failed that no server had processed: see [transparent retries](crate::Channel#transparent-retries).
    TransparentRetry,
    /// The hedging policy adds an attempt while earlier ones have no response.
    Hedge,
}

impl Attempt {
    /// The cause of the attempt.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Calls `callback` for each message sent, with its length on the wire: compressed, and without the 5-byte header of its frame.
    pub fn on_sent(&mut self, callback: impl Fn(usize) + Send + Sync + 'static) {
        self.on_sent.push(Arc::new(callback));
    }

    /// Calls `callback` for each message received, with its length on the wire.
    pub fn on_received(&mut self, callback: impl Fn(usize) + Send + Sync + 'static) {
        self.watch.on_message.push(Arc::new(callback));
    }

    /// Calls `callback` exactly once, with the final status of the attempt. If it is dropped, because another attempt has a response or the call
    /// itself is dropped, the status is `CANCELLED`, or `DEADLINE_EXCEEDED` after the deadline.
    pub fn on_end(&mut self, callback: impl FnOnce(&Status) + Send + 'static) {
        self.watch.on_end(Box::new(callback));
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("metadata", &self.metadata).field("cause", &self.cause).finish_non_exhaustive()
    }
}

/// The callbacks for attempts.
#[derive(Clone, Default)]
pub(crate) struct OnAttempt(List<TellAttempt>);

/// Observes an attempt when it begins.
pub(crate) type TellAttempt = Arc<dyn Fn(&mut Attempt) + Send + Sync>;

impl OnAttempt {
    pub(super) fn push(&mut self, tell: TellAttempt) {
        self.0.push(tell);
    }

    /// Begins an attempt with `metadata`.
    pub(crate) fn begin(&self, metadata: &mut MetadataMap, cause: Cause, deadline: Option<Deadline>) -> Observed {
        if self.0.is_empty() {
            return Observed(None);
        }
        let metadata_of_attempt = mem::take(metadata);
        let watch = Watch::new(deadline);
        let mut attempt = Attempt { metadata: metadata_of_attempt, cause, on_sent: OnMessage::default(), watch };
        for tell in self.0.iter() {
            tell(&mut attempt);
        }
        let Attempt { metadata: changed, on_sent, mut watch, .. } = attempt;
        *metadata = changed;
        let is_observed = !on_sent.is_empty() || !watch.is_empty();
        Observed(is_observed.then(|| Box::new((on_sent, watch))))
    }
}

/// The observers of a running attempt. Dropping this ends the attempt.
#[derive(Default)]
#[must_use = "dropping it ends the attempt"]
pub(crate) struct Observed(Option<Box<(OnMessage, Watch)>>);

impl Observed {
    /// Reports that a message of `len` bytes was sent.
    pub(crate) fn sent(&self, len: usize) {
        if let Some(observed) = &self.0 {
            observed.0.tell(len);
        }
    }

    /// Reports that a message of `len` bytes has arrived.
    pub(crate) fn received(&self, len: usize) {
        if let Some(observed) = &self.0 {
            observed.1.on_message.tell(len);
        }
    }

    /// Reports the end of the attempt. A cancellation after the deadline counts as `DEADLINE_EXCEEDED`, whichever side cancelled.
    pub(crate) fn end(&mut self, failure: Option<&Status>) {
        if let Some(observed) = &mut self.0 {
            match failure {
                // Whether the timer of the call, the transport or the server expires first is chance.
                Some(status) if status.code() == Code::Cancelled && observed.1.is_late() => {
                    observed.1.end(&deadline_exceeded());
                }
                Some(status) => observed.1.end(status),
                None => observed.1.end(ok()),
            }
        }
    }

    /// Takes the observers of messages, without those of the end.
    pub(crate) fn take_messages(&mut self) -> Self {
        let messages = |(on_sent, watch): &mut (OnMessage, Watch)| {
            Box::new((mem::take(on_sent), Watch::of_messages(mem::take(&mut watch.on_message))))
        };
        Self(self.0.as_deref_mut().map(messages))
    }

    /// Takes the observers of sent messages.
    pub(crate) fn take_sent(&mut self) -> Watches {
        let sent = self.0.as_deref_mut().map(|(on_sent, _)| mem::take(on_sent));
        Watch::of_messages(sent.unwrap_or_default()).into()
    }

    /// Wraps an HTTP body so that its messages are reported as sent.
    pub(crate) fn sending(&mut self, body: Body) -> Body {
        WatchedBody::around(body, self.take_sent())
    }

    /// Wraps an HTTP body so that its messages are reported as received.
    pub(crate) fn receiving(&mut self, body: Body) -> Body {
        let received = self.0.as_deref_mut().map(|(_, watch)| mem::take(&mut watch.on_message));
        WatchedBody::around(body, Watch::of_messages(received.unwrap_or_default()).into())
    }

    /// The observers of the remaining messages and of the end.
    pub(crate) fn into_watches(self) -> Watches {
        self.0.map(|observed| observed.1.into()).unwrap_or_default()
    }
}
