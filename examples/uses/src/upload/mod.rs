//! Files of any size, over connections that break: the server keeps what has arrived, and the client goes on from there.

mod send;
mod store;

pub use send::send;
pub use store::Store;
