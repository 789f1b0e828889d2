//! Keeps the settings of a server, and applies them to one call.

use super::{panics::Hook, tonic_interceptor::TonicInterceptor};
use crate::{Deadline, compression::Compressing, grpc::accepted_encoding, intercept::Chain};
use http::HeaderMap;
use std::{sync::Arc, time::Duration};
use tonic::{Extensions, codec::CompressionEncoding};

#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) timeout: Option<Duration>,
    pub(crate) inherits: bool,
    pub(crate) max_decoding_message_size: Option<usize>,
    pub(crate) max_encoding_message_size: Option<usize>,
    pub(crate) accept_compressed: Vec<CompressionEncoding>,
    pub(crate) send_compressed: Vec<CompressionEncoding>,
    pub(crate) compress_above: usize,
    pub(crate) interceptors: Chain,
    pub(crate) tonic_interceptors: Vec<Arc<dyn TonicInterceptor>>,
    pub(crate) on_panic: Option<Hook>,
}

impl Settings {
    /// When a call with `headers`, which begins now, must be over.
    pub(super) fn deadline(&self, headers: &HeaderMap) -> Option<Deadline> {
        let cap = self.timeout.map(Deadline::after);
        Deadline::of_headers(headers).into_iter().chain(cap).min()
    }

    /// The deadline that the calls of a handler inherit.
    pub(super) fn inherited(&self, deadline: Option<Deadline>) -> Option<Deadline> {
        deadline.filter(|_| self.inherits)
    }

    /// The compression of responses that the client behind the `headers` of a request accepts.
    pub(super) fn encoding(&self, headers: &HeaderMap) -> Option<CompressionEncoding> {
        accepted_encoding(headers, &self.send_compressed)
    }

    /// Takes out of the extensions of a response what its handler wants of that compression.
    pub(super) fn compressing(
        &self,
        encoding: Option<CompressionEncoding>,
        extensions: &mut Extensions,
    ) -> Option<Compressing> {
        Compressing::take(encoding, self.compress_above, extensions)
    }
}
