//! Sends spans to a collector with OTLP.

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::Layer;

use super::layers::Layers;
use super::{SetupError, filter};

/// The service name of the spans, and the endpoint, if the environment does not set it.
#[derive(Debug, Clone)]
pub(super) struct Otlp {
    pub(super) service: String,
    pub(super) endpoint: Option<String>,
}

impl Otlp {
    /// Adds the layer that sends spans to the collector.
    pub(super) fn add_to(self, mut layers: Layers) -> Result<(Layers, Option<SdkTracerProvider>), SetupError> {
        let exporter = SpanExporter::builder().with_tonic();
        let exporter = match self.endpoint {
            Some(endpoint) => exporter.with_endpoint(endpoint),
            None => exporter,
        };
        let exporter =
            exporter.build().map_err(|error| SetupError::new("cannot send spans to the collector", error))?;
        let resource = Resource::builder().with_service_name(self.service).build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("rgrpc"))
            // The location in the code is the same for every call.
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false);
        layers.push(layer.with_filter(filter::spans()).boxed());
        Ok((layers, Some(provider)))
    }
}

/// Shuts down in a thread of its own, because the exporter makes its calls on this runtime.
pub(super) async fn shut_down(provider: SdkTracerProvider) -> Result<(), SetupError> {
    let problem = "the collector did not accept the last spans";
    match tokio::task::spawn_blocking(move || provider.shutdown()).await {
        Ok(ended) => ended.map_err(|error| SetupError::new(problem, error)),
        Err(error) => Err(SetupError::new(problem, error)),
    }
}
