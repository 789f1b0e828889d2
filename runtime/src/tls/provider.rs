//! Chooses the cryptography provider of TLS.

use std::sync::Arc;

use tokio_rustls::rustls::crypto::CryptoProvider;

use super::InvalidTls;

/// The given provider, or else the process default, or else that of a feature.
pub(super) fn provider(chosen: Option<Arc<CryptoProvider>>) -> Result<Arc<CryptoProvider>, InvalidTls> {
    let chosen = chosen.or_else(|| CryptoProvider::get_default().cloned());
    #[cfg(feature = "tls-aws-lc")]
    let chosen = chosen.or_else(|| Some(Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider())));
    #[cfg(feature = "tls-ring")]
    let chosen = chosen.or_else(|| Some(Arc::new(tokio_rustls::rustls::crypto::ring::default_provider())));
    let problem =
        "there is no cryptography provider; enable the feature `tls-ring` or `tls-aws-lc` of rgrpc, or set a provider";
    chosen.ok_or_else(|| InvalidTls::new(problem))
}
