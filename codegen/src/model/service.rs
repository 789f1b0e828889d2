//! The model of a service: its client, its server and its methods.

use crate::attributes::Attributes;
use crate::docs::Docs;
use crate::names::Name;
use crate::rust_type::RustType;

pub(crate) struct Service {
    /// `user.v1.UserService`
    pub(crate) full_name: String,
    /// The name on the wire: the full name, or `UserService` with `emit_package=false`.
    pub(crate) wire_name: String,
    pub(crate) deprecated: bool,
    /// The module of the descriptors: `user_service_methods`.
    pub(crate) descriptors: Name,
    pub(crate) client: Option<Client>,
    pub(crate) server: Option<Server>,
    pub(crate) methods: Vec<Method>,
    /// The custom options as a serialized `ServiceOptions`, with the option `custom_options`.
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
    /// The user's attributes on the server, which is a type alias.
    pub(crate) attributes: Attributes,
    /// The user's attributes on the trait.
    pub(crate) trait_attributes: Attributes,
    /// `user_service_server`
    pub(crate) module: Name,
    /// `UserService`
    pub(crate) trait_: Name,
    /// The type parameter for the implementation: `T`.
    pub(crate) parameter: Name,
    /// `UserServiceDyn`, with the option `dyn_trait`.
    pub(crate) dyn_trait: Option<Name>,
    /// `UserServiceServer`
    pub(crate) name: Name,
    /// `UserServiceRoutes`
    pub(crate) routes: Name,
    pub(crate) bodies: DefaultBodies,
}

/// The default bodies of the methods of a server trait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DefaultBodies {
    /// None: every method is required.
    Required,
    /// A body that returns UNIMPLEMENTED.
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
    /// The custom options as a serialized `MethodOptions`, with the option `custom_options`.
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
