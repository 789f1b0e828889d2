//! The service configs of generated clients, and the retry tokens that the clients of a channel share.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{LoadedConfig, ServiceConfig};

/// The service config of generated clients, which is parsed when the first of them is made.
#[derive(Debug)]
pub struct GeneratedConfig {
    json: &'static str,
    read: OnceLock<Arc<ServiceConfig>>,
}

impl GeneratedConfig {
    /// Makes a config of `json`, which the generator has checked.
    #[must_use]
    pub const fn new(json: &'static str) -> Self {
        Self { json, read: OnceLock::new() }
    }

    fn read(&self) -> Arc<ServiceConfig> {
        let read = || match ServiceConfig::from_gapic_json(self.json) {
            Ok(config) => Arc::new(config),
            Err(error) => panic!("rgrpc-codegen bug: {error}"),
        };
        self.read.get_or_init(read).clone()
    }
}

/// The generated configs of the clients of one channel.
#[derive(Debug, Clone, Default)]
pub(crate) struct GeneratedConfigs(Arc<Mutex<Vec<SharedConfig>>>);

/// A generated config, with the state that its clients share.
type SharedConfig = (&'static GeneratedConfig, Arc<LoadedConfig>);

impl GeneratedConfigs {
    /// The config with the tokens that all of its clients share.
    pub(crate) fn load(&self, config: &'static GeneratedConfig) -> Arc<LoadedConfig> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, loaded)) = all.iter().find(|(known, _)| std::ptr::eq(*known, config)) {
            return loaded.clone();
        }
        let loaded = Arc::new(LoadedConfig::new(config.read()));
        all.push((config, loaded.clone()));
        loaded
    }
}
