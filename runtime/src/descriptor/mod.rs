//! Takes what a proto file says about services and methods; gives constants that requests carry.

mod method;
mod service;

pub use method::{Idempotency, Kind, MethodDescriptor};
pub use service::ServiceDescriptor;
