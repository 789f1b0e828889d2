//! The current service config of a channel, with the retry tokens of its calls.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::{MethodConfig, RetryThrottling, ServiceConfig};

/// The service config of a channel, which its resolver may replace.
#[derive(Debug, Clone)]
pub(crate) struct CurrentConfig(Arc<RwLock<Arc<LoadedConfig>>>);

/// A service config, and the retry tokens that its calls share.
#[derive(Debug)]
pub(crate) struct LoadedConfig {
    config: Arc<ServiceConfig>,
    tokens: Option<RetryTokens>,
}

impl CurrentConfig {
    pub(crate) fn new(config: Arc<ServiceConfig>) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(LoadedConfig::new(config)))))
    }

    pub(crate) fn load(&self) -> Arc<LoadedConfig> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the config. If it is equal to the old one, the tokens stay.
    #[cfg(feature = "balance")]
    pub(crate) fn replace(&self, config: Arc<ServiceConfig>) {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if *current.config != *config {
            *current = Arc::new(LoadedConfig::new(config));
        }
    }
}

impl LoadedConfig {
    pub(super) fn new(config: Arc<ServiceConfig>) -> Self {
        let tokens = config.retry_throttling().copied().map(RetryTokens::new);
        Self { config, tokens }
    }

    pub(crate) fn method(&self, path: &str) -> Option<Arc<MethodConfig>> {
        self.config.path(path).cloned()
    }

    pub(crate) fn tokens(&self) -> Option<&RetryTokens> {
        self.tokens.as_ref()
    }
}

/// The tokens of retry throttling, in thousandths. Source: gRFC A6.
#[derive(Debug)]
pub(crate) struct RetryTokens {
    max: u32,
    ratio: u32,
    left: AtomicU32,
}

const TOKEN: u32 = 1000;

impl RetryTokens {
    fn new(throttling: RetryThrottling) -> Self {
        let max = throttling.max_tokens() * TOKEN;
        Self { max, ratio: throttling.token_ratio_thousandths(), left: AtomicU32::new(max) }
    }

    /// "Every successful RPC will increment the `token_count` by `tokenRatio`."
    pub(crate) fn give(&self) {
        let more = |left: u32| (left < self.max).then(|| left.saturating_add(self.ratio).min(self.max));
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    /// "Every failed RPC will decrement the `token_count` by 1."
    pub(crate) fn take(&self) {
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(left.saturating_sub(TOKEN)));
    }

    /// "If `token_count` is less than or equal to the threshold, defined to be `(maxTokens / 2)`, then RPCs will not be retried."
    pub(crate) fn allow(&self) -> bool {
        self.left.load(Ordering::Relaxed) > self.max / 2
    }
}
