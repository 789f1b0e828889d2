//! Sets up what a service needs of traces and logs: one subscriber, with lines for people or machines, and spans for a collector.

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

/// Settings for a process's spans and log lines; [`setup`](super::setup()) makes it, and [`Setup::start`] does it.
#[derive(Debug, Clone, Default)]
#[must_use = "`start` sets it up"]
pub struct Setup {
    filter: Option<String>,
    format: Format,
    #[cfg(feature = "otlp")]
    otlp: Option<otlp::Otlp>,
}

/// How a log line is written.
#[derive(Debug, Clone, Copy, Default)]
enum Format {
    #[default]
    Text,
    Json,
}

impl Setup {
    /// The lines to log where the environment variable `RUST_LOG` does not say it: a level, or targets with levels, such as
    /// `info,users=debug`. Default: `info`.
    ///
    /// Below warnings, nothing is logged of h2, hyper, rustls, tonic and tower that is not named here.
    pub fn filter(mut self, directives: impl Into<String>) -> Self {
        self.filter = Some(directives.into());
        self
    }

    /// Writes an object of JSON on each line. Default: text.
    pub fn json(mut self) -> Self {
        self.format = Format::Json;
        self
    }

    /// Sends spans to a collector, by OTLP over gRPC, as those of `service`.
    ///
    /// OpenTelemetry's environment variables say where and which: `OTEL_EXPORTER_OTLP_ENDPOINT` (default: `http://localhost:4317`),
    /// `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER` (default: what the caller records, and all that begins here),
    /// `OTEL_RESOURCE_ATTRIBUTES`. An `https` endpoint needs this crate's features for TLS. A collector that cannot be reached holds up
    /// no call.
    #[cfg(feature = "otlp")]
    pub fn otlp(mut self, service: impl Into<String>) -> Self {
        let endpoint = self.otlp.and_then(|otlp| otlp.endpoint);
        self.otlp = Some(otlp::Otlp { service: service.into(), endpoint });
        self
    }

    /// As [`Setup::otlp`], to the collector at `endpoint`, a URI such as `http://collector:4317`.
    #[cfg(feature = "otlp")]
    pub fn otlp_to(mut self, service: impl Into<String>, endpoint: impl Into<String>) -> Self {
        self.otlp = Some(otlp::Otlp { service: service.into(), endpoint: Some(endpoint.into()) });
        self
    }

    /// Installs the subscriber of the process. Keep the returned value until the end, and [shut it down](Traces::shutdown).
    ///
    /// # Errors
    ///
    /// If the process has a subscriber, the filter cannot be read, or the endpoint is no URI.
    ///
    /// # Panics
    ///
    /// With a collector, outside of a tokio runtime.
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
            Some(otlp) => otlp.beside(layers)?,
            None => (layers, None),
        };
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layers))
            .map_err(|error| SetupError::new("the process has a subscriber already; set up one", error))?;
        Ok(Traces {
            #[cfg(feature = "otlp")]
            provider,
        })
    }
}

/// A subscriber that [`Setup::start`] has set up.
#[derive(Debug)]
#[must_use = "shut it down at the end, or the last spans are lost"]
pub struct Traces {
    #[cfg(feature = "otlp")]
    provider: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

impl Traces {
    /// Sends the spans that have ended and are not sent yet; within 5 s, whether the collector takes them or not. Later ones are not sent.
    ///
    /// # Errors
    ///
    /// If the collector did not take them.
    #[allow(clippy::unused_async, reason = "there is something to wait for with a collector")]
    pub async fn shutdown(self) -> Result<(), SetupError> {
        #[cfg(feature = "otlp")]
        if let Some(provider) = self.provider {
            return otlp::shut_down(provider).await;
        }
        Ok(())
    }
}
