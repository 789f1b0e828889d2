//! Takes a service's name and methods; gives the constant that describes the service.

use super::MethodDescriptor;

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
}

impl ServiceDescriptor {
    /// Describes a service by its full name, with its methods in the order of the proto file.
    #[must_use]
    pub const fn new(name: &'static str, methods: &'static [MethodDescriptor]) -> Self {
        Self { name, methods }
    }

    /// The service's full name: `user.v1.UserService`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The service's methods, in the order of the proto file.
    #[must_use]
    pub const fn methods(&self) -> &'static [MethodDescriptor] {
        self.methods
    }
}
