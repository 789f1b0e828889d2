//! Random subsetting: selects the servers that this client connects to. Source: gRFC A68.

use xxhash_rust::xxh64::xxh64;

use super::Endpoint;

/// The `size` endpoints with the lowest hashes, which depend on `seed`. An endpoint that appears or disappears changes at most one of them.
/// "If an endpoint defines multiple addresses - use the first one."
pub(super) fn subset(mut endpoints: Vec<Endpoint>, size: usize, seed: u64) -> Vec<Endpoint> {
    if size < endpoints.len() {
        endpoints.sort_by_cached_key(|endpoint| {
            let first = endpoint.addresses().first().map(ToString::to_string).unwrap_or_default();
            xxh64(first.as_bytes(), seed)
        });
        endpoints.truncate(size);
    }
    endpoints
}

/// The seed of the client with this id.
pub(super) fn seed(client_id: &[u8]) -> u64 {
    xxh64(client_id, 0)
}
