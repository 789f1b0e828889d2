//! The service of `interop.proto`: each request says what happens to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rgrpc::metadata::KeyAndValueRef;
use rgrpc::{Code, Request, Response, ServerStream, Status, Streaming};
use tokio_stream::StreamExt;

use crate::proto::interop::v1::interop_service_server::InteropService;
use crate::proto::interop::v1::{
    CancellationsRequest, CancellationsResponse, CollectRequest, CollectResponse, ConverseRequest, ConverseResponse,
    EchoRequest, EchoResponse, ExpandRequest, ExpandResponse, HangRequest, HangResponse,
};

/// Counts the calls of `Hang` that were dropped.
#[derive(Debug, Default)]
pub struct Interop {
    cancellations: Arc<AtomicU64>,
}

impl InteropService for Interop {
    async fn echo(&self, request: Request<EchoRequest>) -> Result<Response<EchoResponse>, Status> {
        let (metadata, _, EchoRequest { payload, code, message }) = request.into_parts();
        if code != 0 {
            return Err(Status::new(Code::from_i32(code), message));
        }
        let mut response = Response::new(EchoResponse { payload });
        for entry in metadata.iter() {
            match entry {
                KeyAndValueRef::Ascii(key, value) if key == "echo-ascii" => {
                    response.metadata_mut().insert(key, value.clone());
                }
                KeyAndValueRef::Binary(key, value) if key == "echo-bin" => {
                    response.metadata_mut().insert_bin(key, value.clone());
                }
                _ => {}
            }
        }
        Ok(response)
    }

    async fn expand(
        &self,
        request: Request<ExpandRequest>,
    ) -> Result<Response<impl ServerStream<ExpandResponse>>, Status> {
        let ExpandRequest { payload, count } = request.into_inner();
        let responses = (0..count).map(move |_| Ok(ExpandResponse { payload: payload.clone() }));
        Ok(Response::new(tokio_stream::iter(responses)))
    }

    async fn collect(&self, request: Request<Streaming<CollectRequest>>) -> Result<Response<CollectResponse>, Status> {
        let mut requests = request.into_inner();
        let mut response = CollectResponse::default();
        while let Some(request) = requests.message().await? {
            response.requests += 1;
            response.bytes += request.payload.len() as u64;
        }
        Ok(Response::new(response))
    }

    async fn converse(
        &self,
        request: Request<Streaming<ConverseRequest>>,
    ) -> Result<Response<impl ServerStream<ConverseResponse>>, Status> {
        let answers = request.into_inner().map(|request| Ok(ConverseResponse { payload: request?.payload }));
        Ok(Response::new(answers))
    }

    async fn hang(&self, _: Request<HangRequest>) -> Result<Response<HangResponse>, Status> {
        let _counted = CountOnDrop(Arc::clone(&self.cancellations));
        std::future::pending().await
    }

    async fn cancellations(&self, _: Request<CancellationsRequest>) -> Result<Response<CancellationsResponse>, Status> {
        let count = self.cancellations.load(Ordering::Relaxed);
        Ok(Response::new(CancellationsResponse { count }))
    }
}

struct CountOnDrop(Arc<AtomicU64>);

impl Drop for CountOnDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
