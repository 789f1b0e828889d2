//! Adds the scheme, authority and user agent to a request.

use http::header::USER_AGENT;
use http::uri::{Authority, Scheme};
use http::{HeaderValue, Request, Uri, Version};
use tonic::body::Body;

use crate::BoxError;

#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) scheme: Scheme,
    pub(crate) authority: Authority,
    pub(crate) user_agent: HeaderValue,
}

impl Origin {
    /// An origin without TLS, with the user agent of this crate.
    pub(crate) fn new(authority: Authority) -> Self {
        let user_agent = HeaderValue::from_static(concat!("grpc-rust-rgrpc/", env!("CARGO_PKG_VERSION")));
        Self { scheme: Scheme::HTTP, authority, user_agent }
    }

    /// Sets what `request` lacks of scheme, authority and user agent.
    pub(crate) fn complete(&self, request: &mut Request<Body>) -> Result<(), BoxError> {
        if request.uri().authority().is_none() {
            let mut parts = std::mem::take(request.uri_mut()).into_parts();
            parts.scheme = Some(self.scheme.clone());
            parts.authority = Some(self.authority.clone());
            *request.uri_mut() = Uri::from_parts(parts)?;
        }
        *request.version_mut() = Version::HTTP_2;
        request.headers_mut().entry(USER_AGENT).or_insert_with(|| self.user_agent.clone());
        Ok(())
    }
}
