//! The model of the output: every decision is made, every name is allocated, and nothing here can fail.

mod message;
mod service;

use crate::attributes::Attributes;
use crate::names::Name;
use crate::rust_type::RustType;

pub(crate) use message::{
    Accessor, Debug, Derives, Encoding, Enum, Extension, Field, Message, Module, Numbers, Oneof, Origin, Presence,
    Types, Value,
};
pub(crate) use service::{Client, DefaultBodies, Idempotency, Method, MethodKind, Server, Service};

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
    /// The service config of its clients, where the user has one for them.
    pub(crate) service_config: Option<ServiceConfig>,
    /// The serialized `FileDescriptorSet` to embed, where it is asked for.
    pub(crate) descriptor_set: Option<Vec<u8>>,
    /// The items for JSON, where it is asked for.
    pub(crate) json: Option<Described>,
    /// The items for the text format, where it is asked for.
    pub(crate) text: Option<Described>,
    /// The `prost::Name` of the messages, where it is asked for.
    pub(crate) type_names: Vec<TypeName>,
    /// The Cargo feature that it is compiled with, where packages have features.
    pub(crate) feature: Option<Feature>,
}

/// A service config that clients are generated with.
pub(crate) struct ServiceConfig {
    /// `user_service_config.json`
    pub(crate) file: String,
    /// Those without which there is no client.
    pub(crate) attributes: Attributes,
    pub(crate) json: String,
}

/// A Cargo feature of a package.
pub(crate) struct Feature {
    /// `user-v1`
    pub(crate) name: String,
    /// The features of the packages whose types it names, sorted: `common-v1`.
    pub(crate) needs: Vec<String>,
}

/// The messages of a package that have a form beside the binary one.
pub(crate) struct Described {
    /// A serialized `FileDescriptorSet` of what the form depends on; that of JSON serves the text format too.
    pub(crate) descriptors: Option<Vec<u8>>,
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
