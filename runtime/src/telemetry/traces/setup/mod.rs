//! Sets up the subscriber of a process: log lines as text or JSON, and spans for a collector.

mod error;
mod fields;
mod filter;
mod layers;
#[cfg(feature = "otlp")]
mod otlp;

use std::io::{IsTerminal, stdout};

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, fmt};

use fields::Fields;
use layers::Layers;

pub use error::SetupError;

/// The settings of a process's logs and spans; [`setup`](super::setup()) makes it, and [`start`](Self::start) installs them.
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is set up before `start`"]
pub struct Setup {
    filter: Option<String>,
    format: Format,
    #[cfg(feature = "otlp")]
    otlp: Option<otlp::Otlp>,
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, Default)]
enum Format {
    #[default]
    Text,
    Json,
}

impl Setup {
    /// Sets which events are logged: a level, or targets with levels, such as `info,users=debug`. The environment variable `RUST_LOG`
    /// overrides it. Default: `info`.
    ///
    /// Of h2, hyper, rustls, tonic and tower only warnings are logged, unless the filter names them.
    pub fn filter(mut self, directives: impl Into<String>) -> Self {
        self.filter = Some(directives.into());
        self
    }

    /// Writes a JSON object on each line. Default: text.
    pub fn json(mut self) -> Self {
        self.format = Format::Json;
        self
    }

    /// Sends spans to a collector with OTLP over gRPC, under the service name `service`.
    ///
    /// OpenTelemetry's environment variables configure it: `OTEL_EXPORTER_OTLP_ENDPOINT` (default: `http://localhost:4317`),
    /// `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER` (default: the decision of the caller, and all traces that start here) and
    /// `OTEL_RESOURCE_ATTRIBUTES`. An `https` endpoint needs this crate's features for TLS. A collector that cannot be reached delays no
    /// call.
    #[cfg(feature = "otlp")]
    pub fn otlp(mut self, service: impl Into<String>) -> Self {
        let endpoint = self.otlp.and_then(|otlp| otlp.endpoint);
        self.otlp = Some(otlp::Otlp { service: service.into(), endpoint });
        self
    }

    /// As [`otlp`](Self::otlp), to the collector at `endpoint`, a URI such as `http://collector:4317`.
    #[cfg(feature = "otlp")]
    pub fn otlp_to(mut self, service: impl Into<String>, endpoint: impl Into<String>) -> Self {
        self.otlp = Some(otlp::Otlp { service: service.into(), endpoint: Some(endpoint.into()) });
        self
    }

    /// Installs the subscriber of the process. Keep the returned value, and [shut it down](Traces::shutdown) at the end.
    ///
    /// # Errors
    ///
    /// If the process already has a subscriber, if the filter is invalid, or if the endpoint is not a URI.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, if there is a collector.
    pub fn start(self) -> Result<Traces, SetupError> {
        let given = filter::lines(self.filter.as_deref().unwrap_or("info"))?;
        let filter = match std::env::var("RUST_LOG") {
            Ok(directives) => filter::lines(&directives)?,
            Err(_) => given,
        };
        let lines = fmt::layer().with_ansi(stdout().is_terminal());
        let lines = match self.format {
            Format::Text => lines.fmt_fields(Fields).with_filter(filter).boxed(),
            Format::Json => lines.json().flatten_event(true).with_span_list(false).with_filter(filter).boxed(),
        };
        let layers: Layers = vec![lines];
        #[cfg(feature = "otlp")]
        let (layers, provider) = match self.otlp {
            Some(otlp) => otlp.add_to(layers)?,
            None => (layers, None),
        };
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layers))
            .map_err(|error| SetupError::new("the process already has a subscriber; set up only one", error))?;
        Ok(Traces {
            #[cfg(feature = "otlp")]
            provider,
        })
    }
}

/// The installed subscriber; [`Setup::start`] makes it.
#[derive(Debug)]
#[must_use = "shut it down at the end, or the last spans are lost"]
pub struct Traces {
    #[cfg(feature = "otlp")]
    provider: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

impl Traces {
    /// Sends the remaining completed spans to the collector, within 5 s. Spans that complete later are not sent.
    ///
    /// # Errors
    ///
    /// If the collector did not accept them.
    #[allow(clippy::unused_async, reason = "it waits only with a collector")]
    pub async fn shutdown(self) -> Result<(), SetupError> {
        #[cfg(feature = "otlp")]
        if let Some(provider) = self.provider {
            return otlp::shut_down(provider).await;
        }
        Ok(())
    }
}
