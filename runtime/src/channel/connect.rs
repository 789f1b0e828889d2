//! Takes the address of a server; gives a channel over HTTP/2 connections to it.

#![cfg(feature = "transport")]

use super::Channel;
use crate::BoxError;
use tonic::transport::{Endpoint, Error};

impl Channel {
    /// Connects to the server at `endpoint`: a URI such as `"http://[::1]:50051"`, or a [`tonic::transport::Endpoint`], which has the
    /// settings of connections. A lost connection is made again when a call needs it.
    ///
    /// An `https` URI needs one feature for TLS and one for the certificates to trust.
    ///
    /// # Errors
    ///
    /// If `endpoint` is not a URI, or the server cannot be reached.
    pub async fn connect<E>(endpoint: E) -> Result<Self, Error>
    where
        E: TryInto<Endpoint, Error: Into<BoxError>>,
    {
        Ok(Self::new(Endpoint::new(endpoint)?.connect().await?))
    }

    /// A channel that connects to `endpoint` when the first call needs it; otherwise as [`Channel::connect`].
    ///
    /// # Errors
    ///
    /// If `endpoint` is not a URI. A server that cannot be reached makes calls end with `UNAVAILABLE`.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn connect_lazy<E>(endpoint: E) -> Result<Self, Error>
    where
        E: TryInto<Endpoint, Error: Into<BoxError>>,
    {
        Ok(Self::new(Endpoint::new(endpoint)?.connect_lazy()))
    }
}
