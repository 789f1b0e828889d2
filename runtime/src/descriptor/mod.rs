//! Descriptors of services and methods: constants of generated code, which requests carry.

mod call_descriptor;
mod custom_options;
mod declare;
mod method;
mod service;

pub(crate) use call_descriptor::CallDescriptor;
pub use custom_options::{CustomOptions, OptionValue};
pub use method::{Idempotency, MethodDescriptor, MethodKind};
pub use service::ServiceDescriptor;
