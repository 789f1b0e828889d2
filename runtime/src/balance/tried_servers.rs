//! Remembers the servers that a call was given to, so that its next attempt goes to another. Source: gRFC A6, on hedging.

use std::sync::{Arc, Mutex, PoisonError};

use super::Address;

/// The servers that the attempts of one call were given to; in the extensions of each.
#[derive(Debug, Clone, Default)]
pub(crate) struct TriedServers(Arc<Mutex<Vec<Address>>>);

impl TriedServers {
    pub(super) fn has(&self, address: &Address) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(address)
    }

    pub(super) fn add(&self, address: &Address) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(address.clone());
    }
}
