//! Chat rooms that clients leave by cancelling their call: a server, and a tour that makes every call.

mod rooms;
mod server;
mod tour;

pub use rooms::Rooms;
pub use server::serve;
pub use tour::tour;

/// The messages, clients and servers of the `.proto` files.
pub mod proto {
    #![allow(missing_docs, unused_qualifications, clippy::pedantic, reason = "generated")]

    /// The package `chat.v1`.
    pub mod chat {
        /// Version 1.
        pub mod v1 {
            tonic::include_proto!("chat.v1");
        }
    }
}
