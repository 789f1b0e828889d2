//! Remembers the servers that had an attempt of a call, so that the next attempt goes to another one. Source: gRFC A6, on hedging.

use std::sync::{Arc, Mutex, PoisonError};

use super::Address;

/// The servers that had an attempt of a call, in the extensions of each attempt.
#[derive(Debug, Clone, Default)]
pub(crate) struct TriedServers(Arc<Mutex<Vec<Address>>>);

impl TriedServers {
    pub(super) fn contains(&self, address: &Address) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(address)
    }

    pub(super) fn add(&self, address: &Address) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(address.clone());
    }
}
