//! A shop that serves the API of one crate and a service of its own, with shared types of a third.

mod shop;

pub use shop::Shop;

/// The messages, clients and servers of the `.proto` files of this crate.
pub mod proto {
    rgrpc::include_protos!();
}
