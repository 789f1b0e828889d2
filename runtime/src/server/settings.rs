//! The settings of a server, and what they mean for one call.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use tonic::Extensions;
use tonic::codec::CompressionEncoding;

use super::panics::Hook;
use super::tonic_interceptor::TonicInterceptor;
use crate::Deadline;
use crate::compression::Compressing;
use crate::grpc::accepted_encoding;
use crate::intercept::Chain;
use crate::message_settings::MessageSettings;

#[derive(Clone, Default)]
pub(crate) struct ServerSettings {
    pub(crate) timeout: Option<Duration>,
    pub(crate) inherits: bool,
    pub(crate) messages: MessageSettings,
    pub(crate) interceptors: Chain,
    pub(crate) tonic_interceptors: Vec<Arc<dyn TonicInterceptor>>,
    pub(crate) on_panic: Option<Hook>,
}

impl ServerSettings {
    /// The deadline of a call with `headers` that begins now.
    pub(super) fn deadline(&self, headers: &HeaderMap) -> Option<Deadline> {
        let cap = self.timeout.map(Deadline::after);
        Deadline::of_headers(headers).into_iter().chain(cap).min()
    }

    /// The deadline that calls made by a handler inherit.
    pub(super) fn inherited(&self, deadline: Option<Deadline>) -> Option<Deadline> {
        deadline.filter(|_| self.inherits)
    }

    /// The compression of responses that the client accepts, by the `headers` of its request, and this server uses.
    pub(super) fn encoding(&self, headers: &HeaderMap) -> Option<CompressionEncoding> {
        accepted_encoding(headers, &self.messages.used)
    }

    /// How to compress a response: by `encoding`, as far as its handler asks for in the extensions, which this takes.
    pub(super) fn compressing(
        &self,
        encoding: Option<CompressionEncoding>,
        extensions: &mut Extensions,
    ) -> Option<Compressing> {
        Compressing::take(encoding, self.messages.compress_above, extensions)
    }
}
