//! A shop: the API of one crate and the calls of this one, over the types of a third.

mod shop;

pub use shop::Shop;

/// The messages, clients and servers of the `.proto` files of this crate.
pub mod proto {
    rgrpc::include_protos!();
}
