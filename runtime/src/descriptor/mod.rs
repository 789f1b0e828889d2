//! Takes what a proto file says about services and methods; gives constants that requests carry.

mod call_descriptor;
mod custom_options;
mod declare;
mod method;
mod service;

pub(crate) use call_descriptor::CallDescriptor;

pub use custom_options::{CustomOptions, OptionValue};
pub use method::{Idempotency, MethodDescriptor, MethodKind};
pub use service::ServiceDescriptor;
