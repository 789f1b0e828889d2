//! Resumable uploads: the server keeps the bytes that have arrived, and the client resumes from there.

mod send;
mod store;

pub use send::send;
pub use store::Store;
