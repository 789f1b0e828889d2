//! A call before it is sent: its request and settings.

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use http::uri::PathAndQuery;
use tokio_util::sync::CancellationToken;
use tonic::metadata::MetadataMap;
use tonic::{CancellationHandle, Extensions, GrpcMethod, Status};

use super::path::path;
use crate::client::attempt::{Requests, SavedMetadata};
#[cfg(feature = "retry")]
use crate::client::retry::policy::{Configured, PREVIOUS_ATTEMPTS};
use crate::compression::Compressing;
use crate::deadline::termination::{Termination, cancelled, deadline_exceeded};
use crate::descriptor::CallDescriptor;
use crate::grpc::timeout;
use crate::intercept::{Cause, Head, Observed, Observers, OnAttempt, Parts};
use crate::{Channel, Deadline, MethodDescriptor};

/// A call before it is sent.
pub struct PreparedCall {
    pub(crate) channel: Channel,
    pub(crate) method: &'static MethodDescriptor,
    pub(crate) metadata: MetadataMap,
    /// A copy of the metadata, once an attempt has taken the original.
    pub(crate) saved_metadata: Option<SavedMetadata>,
    pub(crate) extensions: Extensions,
    pub(crate) requests: Requests,
    pub(crate) compressing: Option<Arc<Compressing>>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) token: Option<CancellationToken>,
    /// Set when the call begins, or when it waits for the service config.
    pub(crate) deadline: Option<Deadline>,
    /// The error of the first invalid setting.
    pub(crate) refused: Option<Status>,
    /// The observers of attempts.
    pub(crate) on_attempt: OnAttempt,
    /// The reason for the next attempt.
    pub(crate) cause: Cause,
    /// The service config's settings for the call, set when it begins.
    #[cfg(feature = "retry")]
    pub(crate) configured: Option<Configured>,
    #[cfg(feature = "retry")]
    pub(crate) previous_attempts: u32,
}

impl PreparedCall {
    pub(crate) fn new(
        channel: Channel,
        method: &'static MethodDescriptor,
        metadata: MetadataMap,
        extensions: Extensions,
        requests: Requests,
    ) -> Self {
        Self {
            channel,
            method,
            metadata,
            saved_metadata: None,
            extensions,
            requests,
            compressing: None,
            timeout: None,
            token: None,
            deadline: None,
            refused: None,
            on_attempt: OnAttempt::default(),
            cause: Cause::First,
            #[cfg(feature = "retry")]
            configured: None,
            #[cfg(feature = "retry")]
            previous_attempts: 0,
        }
    }

    /// Decides which requests are compressed, by the settings of the channel and the `MessageCompression` in the extensions, which it removes.
    pub(super) fn compress(&mut self) {
        let settings = &self.channel.settings().messages;
        let encoding = settings.used.first().copied();
        let compressing = Compressing::take(encoding, settings.compress_above, &mut self.extensions);
        self.compressing = compressing.filter(|compressing| self.requests.may_compress(compressing)).map(Arc::new);
    }

    /// Applies the settings before the first attempt; returns the path of the method, and the events that may end the call early.
    pub(crate) fn begin(&mut self) -> Result<(PathAndQuery, Termination), Status> {
        self.settle()?;
        let path = path(self.method)?;
        let failure = self.requests.limit(self.channel.settings().messages.max_sent)?;
        if let Some(bytes) = self.channel.settings().retry_buffer {
            self.requests.limit_buffer(bytes);
        }
        if self.deadline.is_some_and(|deadline| deadline.has_passed()) {
            return Err(deadline_exceeded());
        }
        if self.token.as_ref().is_some_and(CancellationToken::is_cancelled) {
            return Err(cancelled());
        }
        Ok((path, Termination::at(self.deadline).with_failure(failure).with_token(self.token.as_ref())))
    }

    /// Applies the service config and decides the deadline; fails if a setting was invalid.
    pub(crate) fn settle(&mut self) -> Result<(), Status> {
        if let Some(status) = self.refused.take() {
            return Err(status);
        }
        self.configure();
        self.deadline = self.settle_deadline();
        Ok(())
    }

    /// Replaces the head for the last run of the call.
    pub(crate) fn replace_head(&mut self, head: Head) -> Result<(), Status> {
        let Parts { metadata, extensions, deadline, observers: Observers { request, attempt, .. }, .. } =
            head.into_parts();
        self.requests = mem::take(&mut self.requests).into_last_run(&request)?;
        (self.metadata, self.extensions) = (metadata, extensions);
        if let Some(deadline) = sooner(deadline, self.deadline) {
            self.extensions.insert(deadline);
        }
        (self.on_attempt, self.timeout, self.deadline) = (attempt, None, None);
        #[cfg(feature = "retry")]
        {
            self.configured = None;
        }
        Ok(())
    }

    /// A copy of this call with another `head`, for a run by an interceptor.
    pub(crate) fn with_head(&self, head: Head) -> Result<Self, Status> {
        let Parts { metadata, mut extensions, deadline, observers, .. } = head.into_parts();
        let Observers { request, attempt: on_attempt, .. } = observers;
        if let Some(deadline) = sooner(deadline, self.deadline) {
            extensions.insert(deadline);
        }
        let requests = self.requests.for_run(&request)?;
        let call = Self::new(self.channel.clone(), self.method, metadata, extensions, requests);
        Ok(Self { compressing: self.compressing.clone(), token: self.token.clone(), on_attempt, ..call })
    }

    /// The deadline of the call: "the actual deadline used will be the minimum of" its own and the service config's.
    fn settle_deadline(&self) -> Option<Deadline> {
        let own = self.deadline.or_else(|| self.own_deadline());
        sooner(own, self.configured_timeout().map(Deadline::after))
    }

    /// The deadline without the service config's. The timeout of the call overrides `grpc-timeout` in its metadata; a deadline in the extensions
    /// applies in addition. Without any of these, the channel's timeout applies. An inherited deadline limits all of them.
    pub(crate) fn own_deadline(&self) -> Option<Deadline> {
        let timeout = self.timeout.or_else(|| timeout::timeout(self.metadata.as_ref()));
        let own = sooner(timeout.map(Deadline::after), Deadline::of(&self.extensions));
        sooner(own.or_else(|| self.channel.settings().timeout.map(Deadline::after)), Deadline::current())
    }

    /// Whether the call is sent at most once, because its server is in this process. An interceptor may still run it again.
    pub(crate) fn is_sent_once(&self) -> bool {
        let is_one = matches!(self.requests, Requests::One(_));
        self.is_in_process() && !self.may_repeat() && (is_one || !self.is_intercepted())
    }

    pub(crate) fn is_intercepted(&self) -> bool {
        !self.channel.settings().interceptors.is_empty()
    }

    /// Whether the call can do without tonic's client, which decompresses, and watches the handle that cancels a request.
    pub(crate) fn is_plain(&self) -> bool {
        self.compressing.is_none()
            && self.channel.settings().messages.accepted.is_empty()
            && self.extensions.get::<CancellationHandle>().is_none()
    }

    pub(crate) fn is_in_process(&self) -> bool {
        self.channel.transport_ref().server().is_some()
    }

    /// The metadata and extensions of one attempt, and its observers.
    pub(crate) fn head(&mut self) -> (MetadataMap, Extensions, Observed) {
        let (mut metadata, mut extensions) = if self.is_sent_once() {
            (mem::take(&mut self.metadata), mem::take(&mut self.extensions))
        } else {
            (self.metadata_to_send(), self.extensions.clone())
        };
        #[cfg(feature = "retry")]
        if self.previous_attempts > 0 {
            metadata.insert(PREVIOUS_ATTEMPTS, self.previous_attempts.into());
        }
        if let Some(deadline) = self.deadline {
            metadata.as_mut().insert(timeout::NAME, timeout::value(deadline.remaining()));
            extensions.insert(deadline);
        }
        if !self.channel.transport_ref().is_bare() {
            extensions.insert(CallDescriptor { method: Some(self.method), service: self.channel.settings().service });
            extensions.insert(GrpcMethod::new(self.method.service(), self.method.name()));
        }
        let observed = self.on_attempt.begin(&mut metadata, self.cause, self.deadline);
        (metadata, extensions, observed)
    }

    /// [`Self::head`] of a request with an HTTP body. In process, the method in the extensions tells the server that the request did not come
    /// over a network.
    pub(crate) fn head_of_body(&mut self) -> (MetadataMap, Extensions, Observed) {
        let (metadata, mut extensions, observed) = self.head();
        if self.is_in_process() {
            extensions.insert(GrpcMethod::new(self.method.service(), self.method.name()));
        }
        (metadata, extensions, observed)
    }

    fn metadata_to_send(&mut self) -> MetadataMap {
        if let Some(saved_metadata) = &self.saved_metadata {
            return saved_metadata.metadata();
        }
        if !self.metadata.is_empty() {
            self.saved_metadata = Some(SavedMetadata::of(&self.metadata));
        }
        mem::take(&mut self.metadata)
    }
}

fn sooner(a: Option<Deadline>, b: Option<Deadline>) -> Option<Deadline> {
    a.into_iter().chain(b).min()
}
