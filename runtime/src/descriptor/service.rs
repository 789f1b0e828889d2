//! The descriptor of a service: its name and methods.

use super::{CustomOptions, MethodDescriptor};

/// The name of a service and the descriptors of its methods.
///
/// ```
/// use rgrpc::{MethodDescriptor, ServiceDescriptor};
///
/// const GET_USER: MethodDescriptor = MethodDescriptor::unary("/user.v1.UserService/GetUser");
/// const SERVICE: ServiceDescriptor = ServiceDescriptor::new("user.v1.UserService", &[GET_USER]);
///
/// assert_eq!(SERVICE.methods()[0].service(), SERVICE.name());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ServiceDescriptor {
    name: &'static str,
    methods: &'static [MethodDescriptor],
    custom_options: CustomOptions,
}

impl ServiceDescriptor {
    /// Describes a service by its full name, with its methods in the order of the `.proto` file.
    #[must_use]
    pub const fn new(name: &'static str, methods: &'static [MethodDescriptor]) -> Self {
        Self { name, methods, custom_options: CustomOptions::new(b"") }
    }

    /// Adds the service's custom options: a serialized `google.protobuf.ServiceOptions`.
    #[must_use]
    pub const fn with_custom_options(self, bytes: &'static [u8]) -> Self {
        Self { custom_options: CustomOptions::new(bytes), ..self }
    }

    /// The service's full name: `user.v1.UserService`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The service's methods, in the order of the `.proto` file.
    #[must_use]
    pub const fn methods(&self) -> &'static [MethodDescriptor] {
        self.methods
    }

    /// The method with this path.
    pub(crate) fn method_at(&self, path: &str) -> Option<&'static MethodDescriptor> {
        self.methods.iter().find(|method| method.path() == path)
    }

    /// The service's custom options; empty unless generated code has them.
    #[must_use]
    pub const fn custom_options(&self) -> CustomOptions {
        self.custom_options
    }
}
