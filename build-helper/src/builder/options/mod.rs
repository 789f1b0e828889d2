//! A method for each option of the generator, so that rustc checks the names and types in a build script.

use std::path::Path;

use rgrpc_codegen::{Part, Unsupported};

use super::Builder;

impl Builder {
    /// Generates clients. Default: true.
    pub fn build_client(self, enable: bool) -> Self {
        self.flag("build_client", enable)
    }

    /// Generates servers. Default: true.
    pub fn build_server(self, enable: bool) -> Self {
        self.flag("build_server", enable)
    }

    /// Gives every method of a server trait a default body that returns `UNIMPLEMENTED`. Default: false.
    #[doc(alias = "default_methods")]
    pub fn generate_default_stubs(self, enable: bool) -> Self {
        self.flag("generate_default_stubs", enable)
    }

    /// Generates a dyn-compatible twin of each server trait: `UserServiceDyn` for `UserService`. Default: false.
    ///
    /// Every `UserService` implements `UserServiceDyn`, and `Arc<dyn UserServiceDyn>` implements `UserService`, so that it can be served.
    pub fn dyn_trait(self, enable: bool) -> Self {
        self.flag("dyn_trait", enable)
    }

    /// Gives generated clients a service config, which applies unless their channel has its own; repeatable.
    ///
    /// The file is JSON, as [gRPC defines it](https://github.com/grpc/grpc/blob/master/doc/service_config.md). Its path is relative to the
    /// folder of the package, where cargo runs a build script, and cargo runs it again when the file changes. The file is validated, including
    /// that its services and methods exist. A config with a default for all methods (`"name": [{}]`) applies to each package whose services
    /// no other config names. The generated constant `SERVICE_CONFIG` holds its text. Requires rgrpc's feature `retry`.
    ///
    /// ```no_run
    /// rgrpc_build::configure()
    ///     .service_config("proto/user/v1/user_grpc_service_config.json")
    ///     .compile_protos(&["proto/user/v1/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn service_config(self, path: impl AsRef<Path>) -> Self {
        self.option("service_config", path.as_ref().to_string_lossy())
    }

    /// Puts clients behind a Cargo feature, which the crate with the generated code declares. Default: none.
    pub fn client_feature(self, feature: impl AsRef<str>) -> Self {
        self.option("client_feature", feature)
    }

    /// Puts servers behind a Cargo feature, which the crate with the generated code declares. Default: none.
    pub fn server_feature(self, feature: impl AsRef<str>) -> Self {
        self.option("server_feature", feature)
    }

    /// Puts each package behind a Cargo feature of its own, and writes the features to a file of this name. Default: none.
    ///
    /// The feature of package `user.v1` is `user-v1`, and enables those of the packages whose types it uses. Copy the contents of the file into
    /// the `Cargo.toml` of the crate with the generated code.
    pub fn package_features(self, file: impl AsRef<str>) -> Self {
        self.option("package_features", file)
    }

    /// Includes the package in the paths of methods: `/user.v1.UserService/GetUser`. Default: true.
    ///
    /// If false, the path is `/UserService/GetUser`, as some peers expect; reflection does not find services by such a name.
    pub fn emit_package(self, enable: bool) -> Self {
        self.flag("emit_package", enable)
    }

    /// Embeds the descriptor set of each package in its code as `FILE_DESCRIPTOR_SET`, for reflection. Default: false.
    ///
    /// [`file_descriptor_set_path`](Self::file_descriptor_set_path) writes one set for all packages to a file.
    pub fn embed_descriptor_set(self, enable: bool) -> Self {
        self.flag("embed_descriptor_set", enable)
    }

    /// Includes custom options in the descriptors of services and methods, for interceptors to read. Default: false.
    pub fn custom_options(self, enable: bool) -> Self {
        self.flag("custom_options", enable)
    }

    /// Implements serde's traits for messages, in protobuf's JSON format. Requires rgrpc's feature `json`. Default: false.
    pub fn json(self, enable: bool) -> Self {
        self.flag("json", enable)
    }

    /// Implements protobuf's text format for messages. Requires rgrpc's feature `text`. Default: false.
    pub fn text(self, enable: bool) -> Self {
        self.flag("text", enable)
    }

    /// Generates the well-known types, instead of using `prost_types`. Default: false.
    ///
    /// The files of `google.protobuf` that are imported need not be listed.
    pub fn compile_well_known_types(self, enable: bool) -> Self {
        self.flag("compile_well_known_types", enable)
    }

    /// Uses existing Rust types in place of a package or a type; repeatable.
    ///
    /// The longest matching proto path takes precedence, even over the mapping of the well-known types to `prost_types`. Nothing is generated
    /// for a mapped package. `.` maps every type, so that only services are generated.
    ///
    /// ```no_run
    /// rgrpc_build::configure()
    ///     .extern_path(".common.v1", "::common::v1")
    ///     .compile_protos(&["proto/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn extern_path(self, proto_path: impl AsRef<str>, rust_path: impl AsRef<str>) -> Self {
        self.rule("extern_path", proto_path, rust_path)
    }

    /// Declares the traits that the types of an [`extern_path`](Self::extern_path) implement, so that messages with such fields can derive
    /// them too; repeatable. Default: none.
    ///
    /// `traits` are `Copy`, `Eq` and `Hash`, joined by `+`, or `generated` for those that the types would derive if they were generated here.
    pub fn extern_traits(self, proto_path: impl AsRef<str>, traits: impl AsRef<str>) -> Self {
        self.rule("extern_traits", proto_path, traits)
    }

    /// Derives the Rust name of an element from `name` instead of its own; repeatable.
    pub fn rename(self, proto_path: impl AsRef<str>, name: impl AsRef<str>) -> Self {
        self.rule("rename", proto_path, name)
    }

    /// Adds an attribute to the messages, enums and oneofs that a path selects; repeatable.
    ///
    /// `.` selects everything, `.user.v1` a package, and `.user.v1.User` a message and everything in it. Without the leading dot, `User`
    /// selects every element whose full name ends with it. A path that selects nothing is an error. All methods that take a path follow
    /// these rules; those for clients and servers take a service or a package.
    ///
    /// ```no_run
    /// rgrpc_build::configure()
    ///     .type_attribute(".", "#[derive(PartialOrd)]")
    ///     .field_attribute("User.name", "#[doc(alias = \"login\")]")
    ///     .compile_protos(&["proto/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn type_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("type_attribute", path, attribute)
    }

    /// Adds an attribute to the messages that a path selects; repeatable.
    pub fn message_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("message_attribute", path, attribute)
    }

    /// Adds an attribute to the enums and oneofs that a path selects; repeatable.
    pub fn enum_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("enum_attribute", path, attribute)
    }

    /// Adds an attribute to the Rust enums of the oneofs that a path selects; repeatable.
    pub fn oneof_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("oneof_attribute", path, attribute)
    }

    /// Adds an attribute to the fields, oneof variants and enum values that a path selects; repeatable.
    pub fn field_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("field_attribute", path, attribute)
    }

    /// Adds an attribute to the modules of the clients that a path selects; repeatable.
    pub fn client_mod_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("client_mod_attribute", path, attribute)
    }

    /// Adds an attribute to the structs of the clients that a path selects; repeatable.
    pub fn client_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("client_attribute", path, attribute)
    }

    /// Adds an attribute to the modules of the servers that a path selects; repeatable.
    pub fn server_mod_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("server_mod_attribute", path, attribute)
    }

    /// Adds an attribute to the server types that a path selects, which are aliases of `rgrpc::ServiceServer`; repeatable.
    pub fn server_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("server_attribute", path, attribute)
    }

    /// Adds an attribute to the traits of the servers that a path selects; repeatable.
    pub fn trait_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("trait_attribute", path, attribute)
    }

    /// Uses `bytes::Bytes` instead of `Vec<u8>` for the `bytes` fields that a path selects; repeatable.
    pub fn bytes(self, path: impl AsRef<str>) -> Self {
        self.option("bytes", path)
    }

    /// Uses `BTreeMap` instead of `HashMap` for the map fields that a path selects; repeatable.
    pub fn btree_map(self, path: impl AsRef<str>) -> Self {
        self.option("btree_map", path)
    }

    /// Boxes the singular message fields that a path selects; repeatable. Fields that make a message recursive are always boxed.
    pub fn boxed(self, path: impl AsRef<str>) -> Self {
        self.option("boxed", path)
    }

    /// Preserves unknown fields in the messages that a path selects; repeatable.
    ///
    /// Such a message has an additional field `unknown_fields`, so a struct expression for it has to end with `..Default::default()`.
    pub fn unknown_fields(self, path: impl AsRef<str>) -> Self {
        self.option("unknown_fields", path)
    }

    /// Does not derive `Debug` for the messages, enums and oneofs that a path selects; repeatable.
    pub fn skip_debug(self, path: impl AsRef<str>) -> Self {
        self.option("skip_debug", path)
    }

    /// Keeps the name of an enum as a prefix of its values: `RoleAdmin` instead of `Admin`. Default: it is removed.
    pub fn retain_enum_prefix(self) -> Self {
        self.flag("retain_enum_prefix", true)
    }

    /// Implements `prost::Name` for messages, so that `prost_types::Any` can pack them. Default: it is not implemented.
    pub fn enable_type_names(self) -> Self {
        self.flag("enable_type_names", true)
    }

    /// Prefixes the type URLs of the messages that the paths select with a domain; repeatable.
    ///
    /// ```no_run
    /// rgrpc_build::configure()
    ///     .enable_type_names()
    ///     .type_name_domain(["."], "type.googleapis.com")
    ///     .compile_protos(&["proto/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn type_name_domain(self, paths: impl IntoIterator<Item = impl AsRef<str>>, domain: impl AsRef<str>) -> Self {
        paths.into_iter().fold(self, |builder, path| builder.rule("type_name_domain", path, domain.as_ref()))
    }

    /// Does not copy the comments of the elements that a path selects; repeatable. Types and methods get a generic description instead.
    pub fn disable_comments(self, path: impl AsRef<str>) -> Self {
        self.option("disable_comments", path)
    }

    /// Ignores, warns about, or rejects the parts of a schema that prost cannot represent. Default: [`Unsupported::Warn`].
    pub fn unsupported(self, level: Unsupported) -> Self {
        self.option("unsupported", level.to_string())
    }

    /// Also generates the files that the listed ones import, directly or indirectly. Default: false.
    ///
    /// Not generated are the files of `google.protobuf`, types that [`extern_path`](Self::extern_path) maps, and files that a dependency
    /// [publishes](Self::publish).
    pub fn imports(self, enable: bool) -> Self {
        self.flag("imports", enable)
    }

    /// Writes only a part of the files, for several calls that share a folder. Default: [`Part::All`].
    pub fn part(self, part: Part) -> Self {
        self.option("part", part.to_string())
    }

    /// Sets the name of the file that mounts the generated modules. Default: `mod.rs`.
    ///
    /// Calls that write to the same folder need different names.
    pub fn include_file(self, name: impl AsRef<Path>) -> Self {
        self.option("include_file", name.as_ref().to_string_lossy())
    }

    /// Sets the path of prost in the code of messages. Default: `::rgrpc::prost`.
    pub fn prost_path(self, path: impl AsRef<str>) -> Self {
        self.option("prost_path", path)
    }

    fn flag(self, name: &str, enable: bool) -> Self {
        self.option(name, if enable { "true" } else { "false" })
    }

    fn rule(self, name: &str, path: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.option(name, format!("{}={}", path.as_ref(), value.as_ref()))
    }
}

#[cfg(test)]
mod tests;
