//! Chat rooms that clients leave by cancelling their call: a server, and a tour that makes every call.

mod rooms;
mod server;
mod tour;

pub use rooms::Rooms;
pub use server::serve;
pub use tour::tour;

/// The messages, clients and servers of the `.proto` files.
pub mod proto {
    rgrpc::include_protos!();
}
