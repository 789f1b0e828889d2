//! The model of the output: plain data in which every decision is made and every name is allocated.

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
    /// The `.proto` files of the package, as indices into the schema, sorted by name.
    pub(crate) files: Vec<usize>,
    pub(crate) services: Vec<Service>,
    /// The service config that applies to the clients.
    pub(crate) service_config: Option<ServiceConfig>,
    /// The serialized `FileDescriptorSet`, with the option `embed_descriptor_set`.
    pub(crate) descriptor_set: Option<Vec<u8>>,
    /// The messages with JSON, with the option `json`.
    pub(crate) json: Option<Transcoding>,
    /// The messages with the text format, with the option `text`.
    pub(crate) text: Option<Transcoding>,
    /// The implementations of `prost::Name`, with the option `enable_type_names`.
    pub(crate) type_names: Vec<TypeName>,
    /// The Cargo feature that the package is behind, with the option `package_features`.
    pub(crate) feature: Option<Feature>,
}

/// A service config that the generated clients apply.
pub(crate) struct ServiceConfig {
    /// `user_service_config.json`
    pub(crate) file: String,
    /// The attributes that gate the clients.
    pub(crate) attributes: Attributes,
    pub(crate) json: String,
}

/// The Cargo feature of a package.
pub(crate) struct Feature {
    /// `user-v1`
    pub(crate) name: String,
    /// The features of the packages whose types the package uses, sorted: `common-v1`.
    pub(crate) needs: Vec<String>,
}

/// The messages of a package that are converted to JSON or the text format.
pub(crate) struct Transcoding {
    /// A serialized `FileDescriptorSet` that drives the conversion. The text format uses that of JSON, if there is one.
    pub(crate) descriptors: Option<Vec<u8>>,
    /// The full name and the type of each message: `user.v1.User.Address` and `user::Address`.
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
    /// `user.v1.User.Address`, unless it is the package followed by the name.
    pub(crate) full_name: Option<String>,
    /// `type.googleapis.com/user.v1.User.Address`, with the option `type_name_domain`.
    pub(crate) url: Option<String>,
}
