//! Takes what a proto file says about services and methods; gives constants that requests carry.

mod custom_options;
mod declare;
mod described;
mod method;
mod service;

pub(crate) use described::Described;

pub use custom_options::{CustomOptions, OptionValue};
pub use method::{Idempotency, Kind, MethodDescriptor};
pub use service::ServiceDescriptor;
