//! The argument of a call that is never sent: it makes a client's method reveal its types and its descriptor.

use std::fmt;
use std::marker::PhantomData;

use prost::Message;
use tokio_stream::Empty;
use tonic::{IntoRequest, IntoStreamingRequest, Request};

use crate::Streaming;

/// The argument of exactly those methods whose handler receives a `Request<A>`.
pub struct Probe<A>(PhantomData<fn() -> A>);

impl<A> Probe<A> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<Q: Message + Default> IntoRequest<Q> for Probe<Q> {
    fn into_request(self) -> Request<Q> {
        Request::new(Q::default())
    }
}

impl<Q: Message + 'static> IntoStreamingRequest for Probe<Streaming<Q>> {
    type Stream = Empty<Q>;
    type Message = Q;

    fn into_streaming_request(self) -> Request<Empty<Q>> {
        Request::new(tokio_stream::empty())
    }
}

impl<A> fmt::Debug for Probe<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe").finish()
    }
}
