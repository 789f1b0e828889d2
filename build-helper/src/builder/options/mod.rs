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

    /// Gives server methods a default body that returns `UNIMPLEMENTED`. Default: false.
    ///
    /// A method that is added to the schema then breaks no implementation.
    #[doc(alias = "default_methods")]
    pub fn generate_default_stubs(self, enable: bool) -> Self {
        self.flag("generate_default_stubs", enable)
    }

    /// Generates a dyn-compatible form of each server trait too: `UserServiceDyn` for `UserService`. Default: false.
    ///
    /// Every `UserService` implements `UserServiceDyn`, and `Arc<dyn UserServiceDyn>` implements `UserService`, so that it can be served.
    pub fn dyn_trait(self, enable: bool) -> Self {
        self.flag("dyn_trait", enable)
    }

    /// Applies a service config to clients whose channel has none of its own; repeatable. Default: none. Needs rgrpc's feature `retry`.
    ///
    /// The file is JSON, as [gRPC defines it](https://github.com/grpc/grpc/blob/master/doc/service_config.md). Its path is relative to the
    /// folder of the package, in which cargo runs the build script. cargo runs it again when the file changes. The file is validated, including
    /// that its services and methods exist. A config with a default for all methods (`"name": [{}]`) applies to each package whose services
    /// no other config names. The generated constant `SERVICE_CONFIG` holds its text.
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

    /// Puts clients behind a Cargo feature with this name. Default: none.
    ///
    /// The crate that includes the generated code has to declare the feature.
    pub fn client_feature(self, feature: impl AsRef<str>) -> Self {
        self.option("client_feature", feature)
    }

    /// Puts servers behind a Cargo feature with this name. Default: none.
    ///
    /// The crate that includes the generated code has to declare the feature.
    pub fn server_feature(self, feature: impl AsRef<str>) -> Self {
        self.option("server_feature", feature)
    }

    /// Puts each package behind a Cargo feature of its own, and lists the features in a TOML file with this name. Default: none.
    ///
    /// The feature of package `user.v1` is `user-v1`, and enables those of the packages whose types it uses. Copy the contents of the file into
    /// the `Cargo.toml` of the crate that includes the generated code.
    pub fn package_features(self, file: impl AsRef<str>) -> Self {
        self.option("package_features", file)
    }

    /// Includes the package in the names of services on the wire: `/user.v1.UserService/GetUser`. Default: true.
    ///
    /// If false, the path is `/UserService/GetUser`, as some peers expect; reflection does not find services by such a name.
    pub fn emit_package(self, enable: bool) -> Self {
        self.flag("emit_package", enable)
    }

    /// Embeds the descriptors of each package as `FILE_DESCRIPTOR_SET`, for reflection. Default: false.
    ///
    /// [`file_descriptor_set_path`](Self::file_descriptor_set_path) writes one set for all packages to a file.
    pub fn embed_descriptor_set(self, enable: bool) -> Self {
        self.flag("embed_descriptor_set", enable)
    }

    /// Adds custom options to the descriptors of services and methods, for interceptors. Default: false.
    pub fn custom_options(self, enable: bool) -> Self {
        self.flag("custom_options", enable)
    }

    /// Implements serde's traits for messages, as protobuf's JSON. Default: false. Needs rgrpc's feature `json`.
    pub fn json(self, enable: bool) -> Self {
        self.flag("json", enable)
    }

    /// Implements protobuf's text format for messages. Default: false. Needs rgrpc's feature `text`.
    pub fn text(self, enable: bool) -> Self {
        self.flag("text", enable)
    }

    /// Generates `google.protobuf` instead of using `prost_types`. Default: false.
    ///
    /// Its files are generated if a listed file imports them.
    pub fn compile_well_known_types(self, enable: bool) -> Self {
        self.flag("compile_well_known_types", enable)
    }

    /// Uses existing Rust types for a package, a type or all types (`.`); repeatable. Default: only `google.protobuf` is mapped, to
    /// `prost_types`.
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

    /// States the traits that the types of an [`extern_path`](Self::extern_path) implement, so that messages with such fields can derive
    /// them too; repeatable. Default: none.
    ///
    /// `traits` are `Copy`, `Eq` and `Hash`, joined by `+`, or `generated` for those that the types would derive if they were generated here.
    ///
    /// ```no_run
    /// rgrpc_build::configure()
    ///     .extern_path(".common.v1", "::common::v1")
    ///     .extern_traits(".common.v1.Money", "Eq+Hash")
    ///     .compile_protos(&["proto/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn extern_traits(self, proto_path: impl AsRef<str>, traits: impl AsRef<str>) -> Self {
        self.rule("extern_traits", proto_path, traits)
    }

    /// Sets the Rust name of a service, method, message, field, oneof, enum, value or extension; repeatable. Default: its name in the schema.
    ///
    /// The name is converted to the case that Rust expects, as that of the schema is.
    ///
    /// ```no_run
    /// rgrpc_build::configure()
    ///     .rename(".user.v1.UserService", "Users")
    ///     .compile_protos(&["proto/user.proto"], &["proto"])?;
    /// # Ok::<_, rgrpc_build::Error>(())
    /// ```
    pub fn rename(self, proto_path: impl AsRef<str>, name: impl AsRef<str>) -> Self {
        self.rule("rename", proto_path, name)
    }

    /// Adds an attribute to the messages, enums and oneofs that a path selects; repeatable. Default: none.
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

    /// Adds an attribute to the messages that a path selects; repeatable. Default: none.
    pub fn message_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("message_attribute", path, attribute)
    }

    /// Adds an attribute to the enums and oneofs that a path selects; repeatable. Default: none.
    pub fn enum_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("enum_attribute", path, attribute)
    }

    /// Adds an attribute to the enums of the oneofs that a path selects; repeatable. Default: none.
    pub fn oneof_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("oneof_attribute", path, attribute)
    }

    /// Adds an attribute to the fields, members of oneofs and values of enums that a path selects; repeatable. Default: none.
    pub fn field_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("field_attribute", path, attribute)
    }

    /// Adds an attribute to the modules of the clients that a path selects; repeatable. Default: none.
    pub fn client_mod_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("client_mod_attribute", path, attribute)
    }

    /// Adds an attribute to the structs of the clients that a path selects; repeatable. Default: none.
    pub fn client_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("client_attribute", path, attribute)
    }

    /// Adds an attribute to the modules of the servers that a path selects; repeatable. Default: none.
    pub fn server_mod_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("server_mod_attribute", path, attribute)
    }

    /// Adds an attribute to the types of the servers that a path selects; repeatable. Default: none.
    ///
    /// They are aliases of `rgrpc::ServiceServer`, to which `derive` does not apply.
    pub fn server_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("server_attribute", path, attribute)
    }

    /// Adds an attribute to the traits of the servers that a path selects; repeatable. Default: none.
    pub fn trait_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("trait_attribute", path, attribute)
    }

    /// Generates `bytes::Bytes` instead of `Vec<u8>` for the `bytes` fields that a path selects; repeatable. Default: none.
    pub fn bytes(self, path: impl AsRef<str>) -> Self {
        self.option("bytes", path)
    }

    /// Generates a `BTreeMap` instead of a `HashMap` for the map fields that a path selects; repeatable. Default: none.
    pub fn btree_map(self, path: impl AsRef<str>) -> Self {
        self.option("btree_map", path)
    }

    /// Boxes the singular message fields that a path selects; repeatable. Default: only those of recursive messages, which are always boxed.
    pub fn boxed(self, path: impl AsRef<str>) -> Self {
        self.option("boxed", path)
    }

    /// Keeps the unknown fields of the messages that a path selects, and writes them back when encoding; repeatable. Default: none.
    ///
    /// Such a message has an additional field `unknown_fields`, so a struct expression for it has to end with `..Default::default()`.
    pub fn unknown_fields(self, path: impl AsRef<str>) -> Self {
        self.option("unknown_fields", path)
    }

    /// Leaves out the `Debug` of the messages, enums and oneofs that a path selects, so that you can implement it; repeatable. Default: none.
    pub fn skip_debug(self, path: impl AsRef<str>) -> Self {
        self.option("skip_debug", path)
    }

    /// Keeps the name of an enum as the prefix of its values: `RoleAdmin` instead of `Admin`. Default: it is removed.
    pub fn retain_enum_prefix(self) -> Self {
        self.flag("retain_enum_prefix", true)
    }

    /// Implements `prost::Name` for messages, which packing into `Any` requires. Default: it is not implemented.
    pub fn enable_type_names(self) -> Self {
        self.flag("enable_type_names", true)
    }

    /// Prefixes the type URLs of the messages that the paths select with a domain; repeatable. Default: no domain.
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

    /// Leaves out the comments of the elements that a path selects; repeatable. Default: none. Types and methods still state what they are.
    pub fn disable_comments(self, path: impl AsRef<str>) -> Self {
        self.option("disable_comments", path)
    }

    /// Ignores, warns about or rejects schema features that prost lacks. Default: [`Unsupported::Warn`].
    pub fn unsupported(self, level: Unsupported) -> Self {
        self.option("unsupported", level.to_string())
    }

    /// Generates the imports of the listed files too, direct and indirect. Default: false.
    ///
    /// Not generated are the files of `google.protobuf`, types that [`extern_path`](Self::extern_path) maps, and files that a dependency
    /// [publishes](Self::publish).
    pub fn imports(self, enable: bool) -> Self {
        self.flag("imports", enable)
    }

    /// Generates only a part of the files, when several runs share the work. Default: [`Part::All`].
    pub fn part(self, part: Part) -> Self {
        self.option("part", part.to_string())
    }

    /// Sets the name of the file that declares the module tree. Default: `mod.rs`.
    ///
    /// Runs that write to the same folder need different names.
    pub fn include_file(self, name: impl AsRef<Path>) -> Self {
        self.option("include_file", name.as_ref().to_string_lossy())
    }

    /// Sets the path of prost in generated messages. Default: `::rgrpc::prost`.
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
