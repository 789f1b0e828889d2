//! Takes one call, as bytes; sends it through tonic and gives the stream of bytes that comes back.

use super::{Requests, exchange::Exchange};
use crate::{
    Channel, Deadline, MethodDescriptor,
    cutoff::{Cutoff, deadline_exceeded},
    deadline::header,
    descriptor::Described,
    streaming::{Incoming, Unanswered},
};
use bytes::Bytes;
use http::uri::PathAndQuery;
use std::{mem, pin::pin, time::Duration};
use tonic::{Extensions, GrpcMethod, Request, Response, Status, metadata::MetadataMap};

/// A call before it runs, which takes what it sends out of here.
pub struct Start {
    pub(crate) channel: Channel,
    pub(crate) method: &'static MethodDescriptor,
    pub(crate) metadata: MetadataMap,
    pub(crate) extensions: Extensions,
    pub(crate) requests: Requests,
    pub(crate) timeout: Option<Duration>,
    pub(crate) refused: Option<Status>,
}

/// Sends the call through tonic, and gives the stream of bytes that comes back.
pub(crate) async fn stream(start: &mut Start) -> Result<Response<Incoming>, Status> {
    let (path, mut cutoff) = start.begin()?;
    let settings = start.channel.settings();
    let mut grpc = settings.grpc(Exchange(start.channel.clone()))?;
    let codec = start.requests.len_of_one().map_or(settings.codec(), |len| settings.codec().sending(len));
    let requests = mem::replace(&mut start.requests, Requests::One(None));
    let link = requests.link();
    let streams = matches!(requests, Requests::Stream(_));
    let mut request = Request::from_parts(mem::take(&mut start.metadata), mem::take(&mut start.extensions), requests);
    let requests = streams.then(|| {
        let handle = request.cancellation_handle();
        request.get_mut().cancel_by(handle.clone());
        Unanswered::new(handle, link)
    });
    let mut exchange = pin!(grpc.streaming(request, path, codec));
    let response = match cutoff.limit(exchange.as_mut()).await {
        Ok(Ok(response)) => response,
        Ok(Err(status)) | Err(status) => {
            let status = cutoff.explain(status);
            if let Some(requests) = &requests {
                requests.end(&status);
            }
            return Err(status);
        }
    };
    let (metadata, responses, mut extensions) = response.into_parts();
    let responses = Incoming::new(responses, extensions.remove(), cutoff).to(requests);
    Ok(Response::from_parts(metadata, responses, extensions))
}

impl Start {
    /// Settles, before anything is sent, where the call goes and what may end it.
    pub(crate) fn begin(&mut self) -> Result<(PathAndQuery, Cutoff), Status> {
        if let Some(status) = self.refused.take() {
            return Err(status);
        }
        let path = PathAndQuery::from_maybe_shared(Bytes::from_static(self.method.path().as_bytes()))
            .map_err(|_| Status::internal(format!("`{}` is not a path", self.method.path())))?;
        let failure = self.requests.limit(self.channel.settings().max_encoding_message_size)?;
        let deadline = self.apply_deadline();
        if deadline.is_some_and(|deadline| deadline.has_passed()) {
            return Err(deadline_exceeded());
        }
        if self.channel.transport_ref().server().is_none() {
            self.describe();
        }
        Ok((path, Cutoff::at(deadline).or_on(failure)))
    }

    /// Settles when the call must be over, and tells the server and the layers on the way. The timeout of the call goes before one
    /// that its metadata has; a deadline in the extensions holds in any case; the channel's timeout counts if there is none of these.
    fn apply_deadline(&mut self) -> Option<Deadline> {
        let timeout = self.timeout.or_else(|| header::timeout(self.metadata.as_ref()));
        let deadline = match (timeout.map(Deadline::after), Deadline::of(&self.extensions)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b).or_else(|| self.channel.settings().timeout.map(Deadline::after)),
        }?;
        self.metadata.insert(header::NAME, header::value(deadline.remaining()));
        self.extensions.insert(deadline);
        Some(deadline)
    }

    fn describe(&mut self) {
        self.extensions.insert(Described { method: Some(self.method), service: self.channel.settings().service });
        self.extensions.insert(GrpcMethod::new(self.method.service(), self.method.name()));
    }
}
