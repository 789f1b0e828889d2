//! Sets the answers of a mock's method, and returns the calls that it received.

use std::fmt;
use std::future::{Future, pending};
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prost::Message;
use tokio::time::sleep;
use tokio_stream::StreamExt;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status};

use super::Shape;
use super::script::{Script, ScriptedAnswer};
use crate::{MethodDescriptor, Streaming};

/// A method of a [`Mock`](super::Mock): sets its answers, and returns the calls that it received.
#[must_use = "it sets no answer by itself"]
pub struct On<A, T> {
    script: Script,
    method: &'static MethodDescriptor,
    times: Option<usize>,
    delay: Duration,
    place: &'static Location<'static>,
    types: PhantomData<fn(A) -> T>,
}

impl<A, T> On<A, T> {
    pub(super) fn new(script: Script, method: &'static MethodDescriptor, place: &'static Location<'static>) -> Self {
        Self { script, method, times: None, delay: Duration::ZERO, place, types: PhantomData }
    }

    /// Expects exactly one call with this answer. Default: any number.
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Expects exactly `times` calls with this answer. Default: any number.
    pub fn times(self, times: usize) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Delays the answer.
    ///
    /// # Panics
    ///
    /// Calls panic outside of a tokio runtime with timers.
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }
}

impl<A: Shape<T>, T: Send + 'static> On<A, T> {
    /// Answers with `handler`, which has the argument and the result of an implementation of the method.
    pub fn answers<F>(self, handler: impl FnMut(Request<A>) -> F + Send + 'static)
    where
        F: Future<Output = Result<Response<T>, Status>> + Send + 'static,
    {
        let handler = Mutex::new(handler);
        let delay = self.delay;
        let handler = Arc::new(move |request| {
            let response = handler.lock().unwrap_or_else(PoisonError::into_inner)(request);
            Box::pin(async move {
                if !delay.is_zero() {
                    sleep(delay).await;
                }
                response.await
            }) as _
        });
        let run = Arc::new(move |call, record| A::answer(call, record, handler.clone()));
        let Self { script, method, times, place, .. } = self;
        script.add(ScriptedAnswer { method, times, place, used: 0, run });
    }

    /// Answers with `status`, without reading requests.
    pub fn fails(self, status: Status) {
        self.answers(move |_| {
            let status = status.clone();
            async { Err(status) }
        });
    }

    /// Never answers.
    pub fn hangs(self) {
        self.answers(|_| pending());
    }

    /// The number of calls.
    #[must_use]
    pub fn count(&self) -> usize {
        self.script.of(self.method, |_, _| ()).len()
    }

    /// The request messages of all calls that were read, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<A::Message> {
        let messages = self.script.of(self.method, |_, messages| messages.to_vec());
        messages.into_iter().flatten().filter_map(|message| A::Message::decode(message.as_slice()).ok()).collect()
    }

    /// The metadata of each call, in order; empty for a call that no answer was left for.
    #[must_use]
    pub fn metadata(&self) -> Vec<MetadataMap> {
        self.script.of(self.method, |metadata, _| metadata.clone())
    }
}

impl<A: Shape<R>, R: Message + Clone + 'static> On<A, R> {
    /// Answers with `response`, once all requests have arrived.
    pub fn returns(self, response: R) {
        self.answers(move |request| {
            let response = response.clone();
            async {
                request.into_inner().read().await?;
                Ok(Response::new(response))
            }
        });
    }
}

impl<A: Shape<Streaming<R>>, R: Message + Clone + 'static> On<A, Streaming<R>> {
    /// Answers with `responses`, and ends their stream once all requests have arrived.
    pub fn streams(self, responses: impl IntoIterator<Item = R>) {
        let responses: Vec<_> = responses.into_iter().collect();
        self.answers(move |request| {
            let end = tokio_stream::once(request).then(|request| request.into_inner().read());
            let end = end.filter_map(|read| read.err().map(Err));
            let responses = tokio_stream::iter(responses.clone()).map(Ok).chain(end);
            async { Ok(Response::new(Streaming::from_results(responses))) }
        });
    }

    /// Answers with `responses`, and then ends their stream with `status`, without reading requests.
    pub fn breaks_off(self, responses: impl IntoIterator<Item = R>, status: Status) {
        let results: Vec<_> = responses.into_iter().map(Ok).chain([Err(status)]).collect();
        self.answers(move |_| {
            let results = tokio_stream::iter(results.clone());
            async { Ok(Response::new(Streaming::from_results(results))) }
        });
    }
}

impl<A, T> fmt::Debug for On<A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("On").field("method", &self.method.path()).finish_non_exhaustive()
    }
}
