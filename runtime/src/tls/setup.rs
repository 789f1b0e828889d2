//! The TLS settings that both sides share.

use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::crypto::CryptoProvider;

use super::InvalidTls;
use super::credentials::Credentials;
use super::pem::{Pem, PemText};
use super::provider::provider;
use super::reloaded::{INTERVAL, Reloaded};

/// The settings that both sides share. `C` is rustls's configuration of a side.
#[derive(Debug, Clone)]
pub(super) struct TlsSetup<C> {
    pub(super) credentials: Credentials<Pem>,
    pub(super) provider: Option<Arc<CryptoProvider>>,
    pub(super) reload_interval: Duration,
    /// A complete configuration, instead of the other settings.
    pub(super) config: Option<Arc<C>>,
}

impl<C> Default for TlsSetup<C> {
    fn default() -> Self {
        Self { credentials: Credentials::default(), provider: None, reload_interval: INTERVAL, config: None }
    }
}

impl<C: Clone + Send + Sync + 'static> TlsSetup<C> {
    /// The given configuration, or the one that `make` returns, after `speaking` has set the protocols.
    pub(super) fn renewed(
        self,
        whose: &'static str,
        speaking: impl Fn(C) -> C + Send + Sync + 'static,
        make: impl Fn(&Credentials<PemText>, &Arc<CryptoProvider>) -> Result<C, InvalidTls> + Send + Sync + 'static,
    ) -> Result<Arc<Reloaded<C>>, InvalidTls> {
        if let Some(config) = self.config {
            let config = speaking(Arc::unwrap_or_clone(config));
            return Reloaded::new(whose, Credentials::default(), self.reload_interval, move |_| Ok(config.clone()));
        }
        let provider = provider(self.provider)?;
        let make = move |read: &_| make(read, &provider).map(&speaking);
        Reloaded::new(whose, self.credentials, self.reload_interval, make)
    }
}
