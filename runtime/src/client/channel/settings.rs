//! The settings of a channel, for this crate's calls and for tonic's client.

use std::any::Any;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use http::uri::{InvalidUri, PathAndQuery};
use tonic::Status;
use tonic::client::Grpc;
use tonic::codec::CompressionEncoding;

use crate::ServiceDescriptor;
#[cfg(feature = "balance")]
use crate::balance::Balanced;
use crate::grpc::codec::BytesCodec;
use crate::intercept::{Chain, Intercept};
use crate::message_settings::MessageSettings;
#[cfg(feature = "retry")]
use crate::service_config::{CurrentConfig, GeneratedConfigs, LoadedConfig, RetryPolicy};

#[derive(Debug, Clone, Default)]
pub(crate) struct ChannelSettings {
    pub(crate) service: Option<&'static ServiceDescriptor>,
    /// The name of the server or servers, for interceptors.
    pub(crate) target: Option<Arc<str>>,
    pub(crate) timeout: Option<Duration>,
    /// The accepted encodings end with that of the requests: some servers, such as grpc-go's, answer in the encoding of the request.
    pub(crate) messages: MessageSettings,
    /// The encodings given to `accept_compressed`, the preferred one first.
    pub(super) accepted_by_user: Vec<CompressionEncoding>,
    pub(crate) origin: Uri,
    pub(crate) interceptors: Chain,
    pub(crate) retry_buffer: Option<usize>,
    #[cfg(feature = "retry")]
    pub(crate) service_config: Option<ConfigSource>,
    /// The config that the client was generated with.
    #[cfg(feature = "retry")]
    pub(crate) generated_config: Option<Arc<LoadedConfig>>,
    #[cfg(feature = "retry")]
    pub(crate) generated_configs: GeneratedConfigs,
    #[cfg(feature = "retry")]
    pub(crate) retry_idempotent: Option<Arc<RetryPolicy>>,
    #[cfg(feature = "retry")]
    pub(crate) retries_disabled: bool,
}

/// The source of a channel's service config.
#[cfg(feature = "retry")]
#[derive(Debug, Clone)]
pub(crate) enum ConfigSource {
    Given(CurrentConfig),
    /// The transport: its resolver, or the config of its target.
    #[cfg(feature = "balance")]
    Balanced(Balanced),
}

#[cfg(feature = "retry")]
impl ConfigSource {
    pub(crate) fn current(&self) -> &CurrentConfig {
        match self {
            Self::Given(current) => current,
            #[cfg(feature = "balance")]
            Self::Balanced(balanced) => balanced.config(),
        }
    }
}

impl ChannelSettings {
    /// The settings that come with a transport.
    pub(crate) fn of(transport: &dyn Any) -> Self {
        #[cfg(feature = "balance")]
        if let Some(balanced) = transport.downcast_ref::<Balanced>() {
            let (target, config) = (balanced.target(), ConfigSource::Balanced(balanced.clone()));
            return Self { target: Some(target), service_config: Some(config), ..Self::default() };
        }
        let _ = transport;
        Self::default()
    }

    /// Adds `interceptor` inside of the others, and tells it the service.
    pub(super) fn intercept(&mut self, interceptor: impl Intercept) {
        if let Some(service) = self.service {
            interceptor.describe(service);
        }
        self.interceptors = mem::take(&mut self.interceptors).with(interceptor);
    }

    /// Whether a service config or policy may apply to calls.
    #[cfg(feature = "retry")]
    pub(crate) fn are_configured(&self) -> bool {
        self.service_config.is_some() || self.generated_config.is_some() || self.retry_idempotent.is_some()
    }

    pub(crate) fn send_compressed(&mut self, encoding: Option<CompressionEncoding>) {
        self.messages.used = encoding.into_iter().collect();
        self.set_accepted();
    }

    pub(crate) fn accept_compressed(&mut self, encoding: CompressionEncoding) {
        self.accepted_by_user.push(encoding);
        self.set_accepted();
    }

    fn set_accepted(&mut self) {
        let used = self.messages.used.iter().filter(|used| !self.accepted_by_user.contains(used));
        self.messages.accepted = self.accepted_by_user.iter().chain(used).copied().collect();
    }

    /// tonic's client with these settings, except for the size limit and the compression of requests, which are applied before.
    pub(crate) fn grpc<T>(&self, transport: T) -> Result<Grpc<T>, Status> {
        self.check_origin()?;
        let mut grpc = Grpc::with_origin(transport, self.origin.clone());
        if let Some(limit) = self.messages.max_received {
            grpc = grpc.max_decoding_message_size(limit);
        }
        for encoding in &self.messages.accepted {
            grpc = grpc.accept_compressed(*encoding);
        }
        Ok(grpc)
    }

    pub(crate) fn codec(&self) -> BytesCodec {
        let codec = BytesCodec::stream();
        if self.messages.accepted.is_empty() { codec.receiving_uncompressed() } else { codec }
    }

    /// The URI of a method, as tonic's client composes it.
    pub(crate) fn uri(&self, method: PathAndQuery) -> Result<Uri, Status> {
        if self.origin == Uri::default() {
            return Ok(method.into());
        }
        self.check_origin()?;
        let refused = |error: http::Error| Status::internal(format!("`{}{method}` is not a URI: {error}", self.origin));
        let mut parts = self.origin.clone().into_parts();
        parts.path_and_query = match self.origin.path() {
            "/" => Some(method.clone()),
            prefix => Some(format!("{prefix}{method}").parse().map_err(|error: InvalidUri| refused(error.into()))?),
        };
        Uri::from_parts(parts).map_err(|error| refused(error.into()))
    }

    fn check_origin(&self) -> Result<(), Status> {
        if self.origin.scheme().is_some() != self.origin.authority().is_some() {
            return Err(Status::internal(format!("the origin `{}` needs both a scheme and an authority", self.origin)));
        }
        Ok(())
    }
}
