//! Implements the service with connectrpc's stubs, as `Echo` in `bench/src/echo.rs` does.

use std::iter::repeat_n;

use connectrpc::{InboundStream, RequestContext, Response, ServiceRequest, ServiceResult, ServiceStream, stream_iter};

use crate::proto::bench::v1::{Blob, Echo};

pub(crate) struct Service;

// Named types in place of the trait's `impl Encodable<Blob>`, as connectrpc's guide recommends.
#[allow(refining_impl_trait)]
impl Echo for Service {
    async fn once(&self, _: RequestContext, request: ServiceRequest<'_, Blob>) -> ServiceResult<Blob> {
        Response::ok(request.to_owned_message())
    }

    async fn download(
        &self,
        _: RequestContext,
        request: ServiceRequest<'_, Blob>,
    ) -> ServiceResult<ServiceStream<Blob>> {
        let copies = repeat_n(request.to_owned_message(), request.count as usize);
        Response::stream_ok(stream_iter(copies.map(Ok)))
    }

    async fn chat(&self, _: RequestContext, requests: InboundStream<Blob>) -> ServiceResult<InboundStream<Blob>> {
        Response::ok(requests)
    }
}
