//! Takes what a proto file says about services and methods; gives constants that requests carry.

mod described;
mod method;
mod service;

pub(crate) use described::Described;

pub use method::{Idempotency, Kind, MethodDescriptor};
pub use service::ServiceDescriptor;
