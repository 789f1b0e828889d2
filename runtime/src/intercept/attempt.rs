//! Reports each attempt of a call to its observers: why it is made, what it sends, how it ends.

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

/// One time that a call is sent; [`Running::on_attempt`](super::Running::on_attempt) tells of it.
pub struct Attempt {
    /// The metadata of the request as this attempt sends it.
    pub metadata: MetadataMap,
    cause: Cause,
    on_sent: OnMessage,
    watch: Watch,
}

/// Why a call is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Cause {
    /// It was not sent before.
    #[default]
    First,
    /// An attempt has failed, and the policy of the service config wants another.
    Retry,
    /// An attempt has failed that no server had processed.
    TransparentRetry,
    /// Others have no response yet, and the policy of the service config wants one more beside them.
    Hedge,
}

impl Attempt {
    /// Why the call is sent.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Calls `tell` with the length of each message that is sent, as it is on the wire: compressed, if it is, and without the five bytes
    /// before it.
    pub fn on_sent(&mut self, tell: impl Fn(usize) + Send + Sync + 'static) {
        self.on_sent.push(Arc::new(tell));
    }

    /// Calls `tell` with the length of each message that arrives, as it is on the wire.
    pub fn on_received(&mut self, tell: impl Fn(usize) + Send + Sync + 'static) {
        self.watch.on_message.push(Arc::new(tell));
    }

    /// Calls `tell` once with the status that the attempt ends with. One that is dropped, because another has a response, because the call
    /// is dropped or late, ends with `CANCELLED`, or `DEADLINE_EXCEEDED` after the deadline.
    pub fn on_end(&mut self, tell: impl FnOnce(&Status) + Send + 'static) {
        self.watch.on_end(Box::new(tell));
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("metadata", &self.metadata).field("cause", &self.cause).finish_non_exhaustive()
    }
}

/// Functions that are told of each attempt.
#[derive(Clone, Default)]
pub(crate) struct OnAttempt(List<TellAttempt>);

/// Is told of an attempt that begins.
pub(crate) type TellAttempt = Arc<dyn Fn(&mut Attempt) + Send + Sync>;

impl OnAttempt {
    pub(super) fn push(&mut self, tell: TellAttempt) {
        self.0.push(tell);
    }

    /// Tells of an attempt with `metadata`, which begins now.
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

/// The observers of an attempt that is under way. Dropped, the attempt is.
#[derive(Default)]
#[must_use = "an attempt that is dropped ends"]
pub(crate) struct Observed(Option<Box<(OnMessage, Watch)>>);

impl Observed {
    /// A message is sent, of `len` bytes on the wire.
    pub(crate) fn sent(&self, len: usize) {
        if let Some(observed) = &self.0 {
            observed.0.tell(len);
        }
    }

    /// A message has arrived, of `len` bytes on the wire.
    pub(crate) fn received(&self, len: usize) {
        if let Some(observed) = &self.0 {
            observed.1.on_message.tell(len);
        }
    }

    /// The attempt has ended, with OK or an error. An attempt that the deadline has cancelled, at either end, has exceeded it.
    pub(crate) fn end(&mut self, failure: Option<&Status>) {
        if let Some(observed) = &mut self.0 {
            match failure {
                // Whose timer ran out first is chance: that of the call, the transport's or the server's.
                Some(status) if status.code() == Code::Cancelled && observed.1.is_late() => {
                    observed.1.end(&deadline_exceeded());
                }
                Some(status) => observed.1.end(status),
                None => observed.1.end(ok()),
            }
        }
    }

    /// The watches of the messages, without the end.
    pub(crate) fn take_messages(&mut self) -> Self {
        let messages = |(on_sent, watch): &mut (OnMessage, Watch)| {
            Box::new((mem::take(on_sent), Watch::of_messages(mem::take(&mut watch.on_message))))
        };
        Self(self.0.as_deref_mut().map(messages))
    }

    /// The observers of the messages that are sent.
    pub(crate) fn take_sent(&mut self) -> Watches {
        let sent = self.0.as_deref_mut().map(|(on_sent, _)| mem::take(on_sent));
        Watch::of_messages(sent.unwrap_or_default()).into()
    }

    /// `body`, whose messages are told of as they are sent by HTTP.
    pub(crate) fn sending(&mut self, body: Body) -> Body {
        WatchedBody::around(body, self.take_sent())
    }

    /// `body`, whose messages are told of as they arrive by HTTP.
    pub(crate) fn receiving(&mut self, body: Body) -> Body {
        let received = self.0.as_deref_mut().map(|(_, watch)| mem::take(&mut watch.on_message));
        WatchedBody::around(body, Watch::of_messages(received.unwrap_or_default()).into())
    }

    /// The watches of the remaining messages, and of the end.
    pub(crate) fn into_watches(self) -> Watches {
        self.0.map(|observed| observed.1.into()).unwrap_or_default()
    }
}
