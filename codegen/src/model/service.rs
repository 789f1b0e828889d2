//! A service: its client, its server and its methods.

use crate::attributes::Attributes;
use crate::docs::Docs;
use crate::names::Name;
use crate::rust_type::RustType;

pub(crate) struct Service {
    /// `user.v1.UserService`
    pub(crate) full_name: String,
    /// The same, or `UserService` if packages are not part of it.
    pub(crate) wire_name: String,
    pub(crate) deprecated: bool,
    /// `user_service_methods`
    pub(crate) descriptors: Name,
    pub(crate) client: Option<Client>,
    pub(crate) server: Option<Server>,
    pub(crate) methods: Vec<Method>,
    /// A serialized `ServiceOptions` of custom options, where they are asked for.
    pub(crate) custom_options: Vec<u8>,
}

pub(crate) struct Client {
    pub(crate) docs: Docs,
    /// The user's attributes on the module.
    pub(crate) module_attributes: Attributes,
    /// The user's attributes on the struct.
    pub(crate) attributes: Attributes,
    /// `user_service_client`
    pub(crate) module: Name,
    /// `UserServiceClient`
    pub(crate) name: Name,
}

pub(crate) struct Server {
    pub(crate) docs: Docs,
    /// The user's attributes on the module.
    pub(crate) module_attributes: Attributes,
    /// The user's attributes on the alias of the server.
    pub(crate) attributes: Attributes,
    /// The user's attributes on the trait.
    pub(crate) trait_attributes: Attributes,
    /// `user_service_server`
    pub(crate) module: Name,
    /// `UserService`
    pub(crate) trait_: Name,
    /// `T`, the type that implements the trait.
    pub(crate) parameter: Name,
    /// `UserServiceDyn`, where it is asked for.
    pub(crate) dyn_trait: Option<Name>,
    /// `UserServiceServer`
    pub(crate) name: Name,
    /// `UserServiceRoutes`
    pub(crate) routes: Name,
    pub(crate) bodies: DefaultBodies,
}

/// The methods that an implementer may leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DefaultBodies {
    /// Nothing: every method is required.
    Required,
    /// Everything: a method that is left out answers UNIMPLEMENTED.
    Unimplemented,
}

pub(crate) struct Method {
    pub(crate) docs: Docs,
    pub(crate) deprecated: bool,
    /// `GetUser`
    pub(crate) rpc: String,
    /// `get_user`
    pub(crate) name: Name,
    /// `GET_USER`
    pub(crate) constant: Name,
    pub(crate) kind: MethodKind,
    pub(crate) idempotency: Idempotency,
    /// A serialized `MethodOptions` of custom options, where they are asked for.
    pub(crate) custom_options: Vec<u8>,
    /// `super::GetUserRequest`
    pub(crate) request: RustType,
    /// `super::User`
    pub(crate) response: RustType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MethodKind {
    Unary,
    ServerStreaming,
    ClientStreaming,
    BidiStreaming,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Idempotency {
    Unknown,
    NoSideEffects,
    Idempotent,
}
