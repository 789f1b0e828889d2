//! A method for each option of the table, so that a build script is checked by the compiler.

use std::path::Path;

use rgrpc_codegen::{Part, Unsupported};

use super::Builder;

impl Builder {
    /// Generates clients, or does not. Default: true.
    pub fn build_client(self, enable: bool) -> Self {
        self.flag("build_client", enable)
    }

    /// Generates servers, or does not. Default: true.
    pub fn build_server(self, enable: bool) -> Self {
        self.flag("build_server", enable)
    }

    /// Gives every server method a body that answers UNIMPLEMENTED. Default: false.
    #[doc(alias = "default_methods")]
    pub fn generate_default_stubs(self, enable: bool) -> Self {
        self.flag("generate_default_stubs", enable)
    }

    /// Emits a form of each server trait that can be a trait object: `UserServiceDyn`. Default: false.
    ///
    /// Every `UserService` is one, and an `Arc<dyn UserServiceDyn>` is a `UserService` again, so that it can be served.
    pub fn dyn_trait(self, enable: bool) -> Self {
        self.flag("dyn_trait", enable)
    }

    /// Makes generated clients follow a service config, unless their channel has one of its own; repeatable.
    ///
    /// The config is JSON, as [gRPC defines it](https://github.com/grpc/grpc/blob/master/doc/service_config.md). Its path is relative to the
    /// package's folder, where cargo runs a build script; cargo runs it again when the file changes. It is checked, and so is that its
    /// services and methods exist. A config with a default for all methods (`"name": [{}]`) applies to each package whose services no other
    /// config names. The constant `SERVICE_CONFIG` beside the clients holds its text. rgrpc's feature `retry` is needed.
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

    /// Compiles clients only with a Cargo feature of this name, which the crate with the generated code declares.
    pub fn client_feature(self, feature: impl AsRef<str>) -> Self {
        self.option("client_feature", feature)
    }

    /// Compiles servers only with a Cargo feature of this name, which the crate with the generated code declares.
    pub fn server_feature(self, feature: impl AsRef<str>) -> Self {
        self.option("server_feature", feature)
    }

    /// Compiles each package only with a Cargo feature of its own, and writes the features to a file of this name.
    ///
    /// The feature of package `user.v1` is `user-v1`, and needs those of the packages whose types it names. The file is a
    /// part of the `Cargo.toml` of the crate with the generated code.
    pub fn package_features(self, file: impl AsRef<str>) -> Self {
        self.option("package_features", file)
    }

    /// Names services on the wire with their packages: `/user.v1.UserService/GetUser`. Default: true.
    ///
    /// Without it they are `/UserService/GetUser`, for a peer that wants that; reflection does not know them so.
    pub fn emit_package(self, enable: bool) -> Self {
        self.flag("emit_package", enable)
    }

    /// Embeds the descriptors of each package in the code as `FILE_DESCRIPTOR_SET`, for reflection. Default: false.
    ///
    /// [`file_descriptor_set_path`](Self::file_descriptor_set_path) writes those of all packages to a file.
    pub fn embed_descriptor_set(self, enable: bool) -> Self {
        self.flag("embed_descriptor_set", enable)
    }

    /// Gives the descriptors of services and methods their custom options, for interceptors. Default: false.
    pub fn custom_options(self, enable: bool) -> Self {
        self.flag("custom_options", enable)
    }

    /// Implements serde's traits for messages, as protobuf's JSON; rgrpc's feature `json` is needed. Default: false.
    pub fn json(self, enable: bool) -> Self {
        self.flag("json", enable)
    }

    /// Gives messages protobuf's text format; rgrpc's feature `text` is needed. Default: false.
    pub fn text(self, enable: bool) -> Self {
        self.flag("text", enable)
    }

    /// Generates `google.protobuf` like any other package instead of using `prost_types`, without its files being listed.
    ///
    /// Default: false.
    pub fn compile_well_known_types(self, enable: bool) -> Self {
        self.flag("compile_well_known_types", enable)
    }

    /// Uses the Rust types at a path instead of generating a package or a type: `.common.v1`, `::common::v1`.
    ///
    /// The longest proto path that covers a type counts, also before those of the well-known types. Of a package that is
    /// mapped nothing is generated; with `.`, which maps every type, only services are.
    pub fn extern_path(self, proto_path: impl AsRef<str>, rust_path: impl AsRef<str>) -> Self {
        self.rule("extern_path", proto_path, rust_path)
    }

    /// Says what the types of an [`extern_path`](Self::extern_path) implement: `Copy`, `Eq` and `Hash` with `+` between, or
    /// `generated` for what they would derive if they were generated here. Default: nothing, so that no type that holds them
    /// derives these traits.
    pub fn extern_traits(self, proto_path: impl AsRef<str>, traits: impl AsRef<str>) -> Self {
        self.rule("extern_traits", proto_path, traits)
    }

    /// Pins the name from which the Rust name of an element is made; repeatable.
    pub fn rename(self, proto_path: impl AsRef<str>, name: impl AsRef<str>) -> Self {
        self.rule("rename", proto_path, name)
    }

    /// Puts an attribute on the messages, enums and oneofs that a path selects; repeatable.
    ///
    /// `.` selects everything, `.user.v1` a package, `.user.v1.User` a message and what is in it, and `User`, without the
    /// dot in front, every element whose full name ends with it. A path that selects nothing is an error. All methods
    /// that take a path read it so; those for clients and servers take the service, or its package.
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

    /// Puts an attribute on the messages that a path selects; repeatable.
    pub fn message_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("message_attribute", path, attribute)
    }

    /// Puts an attribute on the enums and oneofs that a path selects; repeatable.
    pub fn enum_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("enum_attribute", path, attribute)
    }

    /// Puts an attribute on the enums of the oneofs that a path selects; repeatable.
    pub fn oneof_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("oneof_attribute", path, attribute)
    }

    /// Puts an attribute on the fields, members of oneofs and values of enums that a path selects; repeatable.
    pub fn field_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("field_attribute", path, attribute)
    }

    /// Puts an attribute on the modules of the clients that a path selects; repeatable.
    pub fn client_mod_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("client_mod_attribute", path, attribute)
    }

    /// Puts an attribute on the structs of the clients that a path selects; repeatable.
    pub fn client_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("client_attribute", path, attribute)
    }

    /// Puts an attribute on the modules of the servers that a path selects; repeatable.
    pub fn server_mod_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("server_mod_attribute", path, attribute)
    }

    /// Puts an attribute on the servers that a path selects, which are aliases of `rgrpc::ServiceServer`; repeatable.
    pub fn server_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("server_attribute", path, attribute)
    }

    /// Puts an attribute on the traits of the servers that a path selects; repeatable.
    pub fn trait_attribute(self, path: impl AsRef<str>, attribute: impl AsRef<str>) -> Self {
        self.rule("trait_attribute", path, attribute)
    }

    /// Makes the `bytes` fields that a path selects `bytes::Bytes` instead of `Vec<u8>`; repeatable.
    pub fn bytes(self, path: impl AsRef<str>) -> Self {
        self.option("bytes", path)
    }

    /// Makes the map fields that a path selects a `BTreeMap` instead of a `HashMap`; repeatable.
    pub fn btree_map(self, path: impl AsRef<str>) -> Self {
        self.option("btree_map", path)
    }

    /// Boxes the fields with one message that a path selects; those of recursive messages are anyway; repeatable.
    pub fn boxed(self, path: impl AsRef<str>) -> Self {
        self.option("boxed", path)
    }

    /// Has the messages that a path selects keep what they receive and do not declare; repeatable.
    ///
    /// They get a field `unknown_fields`, so that a struct expression ends with `..Default::default()`.
    pub fn unknown_fields(self, path: impl AsRef<str>) -> Self {
        self.option("unknown_fields", path)
    }

    /// Leaves out the `Debug` of the messages, enums and oneofs that a path selects; repeatable.
    pub fn skip_debug(self, path: impl AsRef<str>) -> Self {
        self.option("skip_debug", path)
    }

    /// Leaves the name of an enum in front of the names of its values: `RoleAdmin` instead of `Admin`.
    pub fn retain_enum_prefix(self) -> Self {
        self.flag("retain_enum_prefix", true)
    }

    /// Implements `prost::Name` for messages, by which `prost_types::Any` packs them.
    pub fn enable_type_names(self) -> Self {
        self.flag("enable_type_names", true)
    }

    /// Puts a domain in front of the type URLs of the messages that the paths select; repeatable.
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

    /// Leaves out the comments of the elements that a path selects; types and methods say what they are instead; repeatable.
    pub fn disable_comments(self, path: impl AsRef<str>) -> Self {
        self.option("disable_comments", path)
    }

    /// Ignores, reports or refuses what prost cannot keep of a schema. Default: reports it.
    pub fn unsupported(self, level: Unsupported) -> Self {
        self.option("unsupported", level.to_string())
    }

    /// Generates the files that the given ones import, too, all the way down. Default: false.
    ///
    /// Those of `google.protobuf` are left out, and so is what [`extern_path`](Self::extern_path) maps, or a crate below publishes.
    pub fn imports(self, enable: bool) -> Self {
        self.flag("imports", enable)
    }

    /// Writes only a part of the files, where several calls share a folder. Default: all.
    pub fn part(self, part: Part) -> Self {
        self.option("part", part.to_string())
    }

    /// Names the file that mounts the module tree. Default: `mod.rs`.
    ///
    /// Two calls that write to the same folder need two names.
    pub fn include_file(self, name: impl AsRef<Path>) -> Self {
        self.option("include_file", name.as_ref().to_string_lossy())
    }

    /// Names prost by another path in messages. Default: `::rgrpc::prost`.
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
