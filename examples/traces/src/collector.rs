//! A collector: the service of OpenTelemetry's protocol, from code that rgrpc has generated.

use rgrpc::{Request, Response, Status};
use tokio::sync::mpsc::UnboundedSender;

use crate::proto::opentelemetry::proto::collector::trace::v1::trace_service_server::TraceService;
use crate::proto::opentelemetry::proto::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use crate::proto::opentelemetry::proto::trace::v1::ResourceSpans;

/// Hands on the spans that it is sent.
pub(crate) struct Collector(pub(crate) UnboundedSender<Vec<ResourceSpans>>);

impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let spans = request.into_inner().resource_spans;
        self.0.send(spans).map_err(|_| Status::unavailable("nobody wants spans any more"))?;
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}
