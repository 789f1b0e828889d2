//! What is emitted: every decision is made, every name is allocated, and nothing here can fail.

use crate::attributes::Attributes;
use crate::names::Name;
use crate::paths::RustType;

/// One output file: the messages and services of a package.
pub(crate) struct Package {
    /// `user.v1`; empty for files without a package.
    pub(crate) name: String,
    /// `user`, `v1`.
    pub(crate) modules: Vec<Name>,
    /// `user.v1.rs`
    pub(crate) file_name: String,
    /// The `.proto` files it was made of, as indices into the descriptor set, sorted by name.
    pub(crate) files: Vec<usize>,
    pub(crate) services: Vec<Service>,
    /// The serialized `FileDescriptorSet` to embed, where it is asked for.
    pub(crate) descriptor_set: Option<Vec<u8>>,
    /// What JSON needs, where it is asked for.
    pub(crate) json: Option<Json>,
    /// What `prost::Name` says of the messages, where it is asked for.
    pub(crate) type_names: Vec<TypeName>,
    /// Whether it names anything deprecated, which must not warn in generated code.
    pub(crate) names_deprecated: bool,
    /// The Cargo feature that it is compiled with, where packages have features.
    pub(crate) feature: Option<Feature>,
}

/// A Cargo feature of a package.
pub(crate) struct Feature {
    /// `user-v1`
    pub(crate) name: String,
    /// The features of the packages whose types it names, sorted: `common-v1`.
    pub(crate) needs: Vec<String>,
}

/// The messages of a package that have a JSON form.
pub(crate) struct Json {
    /// A serialized `FileDescriptorSet` of what the form depends on.
    pub(crate) descriptors: Vec<u8>,
    /// `user.v1.User.Address`, and `user::Address`.
    pub(crate) messages: Vec<(String, RustType)>,
}

/// An implementation of `prost::Name`.
pub(crate) struct TypeName {
    /// `::rgrpc::prost::Name`
    pub(crate) name_trait: RustType,
    /// `::rgrpc::prost::alloc::string::String`
    pub(crate) string: RustType,
    /// `user::Address`
    pub(crate) ty: RustType,
    /// `user.v1`
    pub(crate) package: String,
    /// `Address`
    pub(crate) name: String,
    /// `user.v1.User.Address`, where it is not what package and name make together.
    pub(crate) full_name: Option<String>,
    /// `type.googleapis.com/user.v1.User.Address`, where a domain is given.
    pub(crate) url: Option<String>,
}

/// Lines for `#[doc]`.
pub(crate) type Docs = Vec<String>;

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
    /// What the user put on the module.
    pub(crate) module_attributes: Attributes,
    /// What the user put on the struct.
    pub(crate) attributes: Attributes,
    /// `user_service_client`
    pub(crate) module: Name,
    /// `UserServiceClient`
    pub(crate) name: Name,
}

pub(crate) struct Server {
    pub(crate) docs: Docs,
    /// What the user put on the module.
    pub(crate) module_attributes: Attributes,
    /// What the user put on the alias of the server.
    pub(crate) attributes: Attributes,
    /// What the user put on the trait.
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
    pub(crate) bodies: Bodies,
}

/// What an implementer may leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bodies {
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
    /// `/user.v1.UserService/GetUser`
    pub(crate) path: String,
    /// `get_user`
    pub(crate) name: Name,
    /// `GET_USER`
    pub(crate) constant: Name,
    pub(crate) kind: Kind,
    pub(crate) idempotency: Idempotency,
    /// A serialized `MethodOptions` of custom options, where they are asked for.
    pub(crate) custom_options: Vec<u8>,
    /// `super::GetUserRequest`
    pub(crate) request: RustType,
    /// `super::User`
    pub(crate) response: RustType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
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
