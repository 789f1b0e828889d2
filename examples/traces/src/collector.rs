//! A collector of spans, which implements the service of OpenTelemetry's protocol.

use rgrpc::{Request, Response, Status};
use tokio::sync::mpsc::UnboundedSender;

use crate::proto::opentelemetry::proto::collector::trace::v1::trace_service_server::TraceService;
use crate::proto::opentelemetry::proto::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use crate::proto::opentelemetry::proto::trace::v1::ResourceSpans;

/// Forwards the spans that it receives.
pub(crate) struct Collector(pub(crate) UnboundedSender<Vec<ResourceSpans>>);

impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let spans = request.into_inner().resource_spans;
        self.0.send(spans).map_err(|_| Status::unavailable("the collector is closed"))?;
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}
