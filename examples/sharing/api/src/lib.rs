//! The API of a shop, for its server and its clients.

/// The messages, clients and servers of the `.proto` files.
pub mod proto {
    rgrpc::include_protos!();
}
