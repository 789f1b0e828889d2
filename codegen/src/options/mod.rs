//! The options of the generator: one declaration, from which every door takes the names.

mod config_file;
mod declare;
mod imports;
mod kinds;
mod parse;
mod rules;
mod suggestions;
mod values;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use config_file::ConfigFile;
pub use declare::OptionSpec;
pub(crate) use rules::{PathRule, Rules, Target};
pub(crate) use values::Traits;
pub use values::{Limits, Part};

use kinds::{
    ATTRIBUTE, CONFIG_FILE, DOMAIN, EXTERN_PATH, EXTERN_TRAITS, FEATURE, FILES_FLAG, FLAG, LEVEL, PART, PATH, PROST,
    RENAME, RUST_FILE, TOML_FILE,
};

declare::options! {
    /// Generate clients.
    client: bool = true, FLAG;

    /// Generate servers.
    server: bool = true, FLAG;

    /// Give server methods a body that answers UNIMPLEMENTED.
    default_methods: bool = false, FLAG;

    /// Emit a form of each server trait for `Arc<dyn UserServiceDyn>`, which can be served too.
    dyn_trait: bool = false, FLAG;

    /// Hold clients to a service config unless their channel has its own; needs rgrpc's feature `retry`.
    service_config: Vec<ConfigFile> = Vec::new(), CONFIG_FILE;

    /// Compile clients only with a Cargo feature of this name.
    client_feature: Option<String> = None, FEATURE;

    /// Compile servers only with a Cargo feature of this name.
    server_feature: Option<String> = None, FEATURE;

    /// Compile each package only with a Cargo feature of its own, and write the features to a file.
    package_features: Option<String> = None, TOML_FILE;

    /// Name services on the wire with their packages, as gRPC does and reflection expects.
    emit_package: bool = true, FLAG;

    /// Embed the descriptors of each package as `FILE_DESCRIPTOR_SET`, for reflection.
    descriptor_set: bool = false, FLAG;

    /// Give the descriptors of services and methods their custom options, for interceptors.
    custom_options: bool = false, FLAG;

    /// Implement serde's traits for messages as protobuf's JSON; needs rgrpc's feature `json`.
    json: bool = false, FLAG;

    /// Give messages protobuf's text format; needs rgrpc's feature `text`.
    text: bool = false, FLAG;

    /// Generate `google.protobuf` instead of using `prost_types`.
    compile_well_known_types: bool = false, FLAG;

    /// Use the Rust types at a path for a package, type or all (`.`): `.common.v1=::common::v1`.
    extern_path: BTreeMap<String, String> = BTreeMap::new(), EXTERN_PATH;

    /// Say what the types of an `extern_path` implement: `Copy`, `Eq` and `Hash` with `+` between, or `generated`.
    extern_traits: BTreeMap<String, Traits> = BTreeMap::new(), EXTERN_TRAITS;

    /// Pin the Rust name of a service, method, message, field, oneof, enum, value or extension.
    rename: BTreeMap<String, String> = BTreeMap::new(), RENAME;

    /// Put an attribute on messages, enums and oneofs, such as `.=#[derive(PartialOrd)]`.
    type_attribute: Rules = Rules::on(Target::Type), ATTRIBUTE;

    /// Put an attribute on messages.
    message_attribute: Rules = Rules::on(Target::Message), ATTRIBUTE;

    /// Put an attribute on enums and oneofs.
    enum_attribute: Rules = Rules::on(Target::Enum), ATTRIBUTE;

    /// Put an attribute on the enums of oneofs.
    oneof_attribute: Rules = Rules::on(Target::Oneof), ATTRIBUTE;

    /// Put an attribute on fields, members of oneofs and values of enums.
    field_attribute: Rules = Rules::on(Target::Member), ATTRIBUTE;

    /// Put an attribute on the modules of clients, by service or package.
    client_mod_attribute: Rules = Rules::on(Target::Client), ATTRIBUTE;

    /// Put an attribute on the structs of clients, by service or package.
    client_attribute: Rules = Rules::on(Target::Client), ATTRIBUTE;

    /// Put an attribute on the modules of servers, by service or package.
    server_mod_attribute: Rules = Rules::on(Target::Server), ATTRIBUTE;

    /// Put an attribute on the types of servers, by service or package.
    server_attribute: Rules = Rules::on(Target::Server), ATTRIBUTE;

    /// Put an attribute on the traits of servers, by service or package.
    trait_attribute: Rules = Rules::on(Target::Server), ATTRIBUTE;

    /// Make `bytes` fields `bytes::Bytes` instead of `Vec<u8>`; `.` selects all.
    bytes: Rules = Rules::on(Target::BytesField), PATH;

    /// Make map fields a `BTreeMap` instead of a `HashMap`.
    btree_map: Rules = Rules::on(Target::Map), PATH;

    /// Box fields that hold one message; those of recursive messages are boxed anyway.
    boxed: Rules = Rules::on(Target::MessageField), PATH;

    /// Keep the fields that messages receive and do not declare, and write them again.
    unknown_fields: Rules = Rules::on(Target::Message), PATH;

    /// Leave out the `Debug` of messages, enums and oneofs, to write it by hand.
    skip_debug: Rules = Rules::on(Target::Type), PATH;

    /// Leave the name of an enum in front of its values: `RoleAdmin` instead of `Admin`.
    retain_enum_prefix: bool = false, FLAG;

    /// Implement `prost::Name` for messages, which `Any` is packed by.
    enable_type_names: bool = false, FLAG;

    /// Put a domain such as `type.googleapis.com` in front of the type URLs of messages.
    type_name_domain: Rules = Rules::on(Target::Message), DOMAIN;

    /// Leave out the comments of elements, `.` of all; types and methods say what they are instead.
    disable_comments: Rules = Rules::on(Target::Element), PATH;

    /// Ignore (`allow`), report (`warn`) or refuse (`deny`) what prost cannot keep of a schema.
    limits: Limits = Limits::Warn, LEVEL;

    /// Generate the files that the given ones import, too, but for those of `google.protobuf`.
    imports: bool = false, FILES_FLAG;

    /// Write `all` files, those of the `packages`, or the module `tree`, where runs share the work.
    part: Part = Part::All, PART;

    /// Name the file that mounts the module tree.
    include_file: String = "mod.rs".to_owned(), RUST_FILE;

    /// Name prost by another path in messages.
    prost_path: String = "::rgrpc::prost".to_owned(), PROST;
}

impl Options {
    /// Returns the name of the file that mounts the module tree: `mod.rs`.
    #[must_use]
    pub fn include_file(&self) -> &str {
        &self.include_file
    }

    /// Returns the name of the file of Cargo features, if one is asked for.
    #[must_use]
    pub fn package_features(&self) -> Option<&str> {
        self.package_features.as_deref()
    }

    /// Returns whether `google.protobuf` is generated instead of being that of `prost_types`.
    #[must_use]
    pub fn compile_well_known_types(&self) -> bool {
        self.compile_well_known_types
    }

    /// Returns which of the files a run writes.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part
    }

    /// Returns the proto paths whose types exist already, each with the Rust path they are at.
    pub fn extern_paths(&self) -> impl Iterator<Item = (&str, &str)> {
        self.extern_path.iter().map(|(proto, rust)| (&**proto, &**rust))
    }

    /// The options that are given by path, by name.
    pub(crate) fn by_path(&self) -> impl Iterator<Item = (&'static str, &Rules)> {
        OPTIONS.iter().filter_map(|spec| Some((spec.name, (spec.rules)(self)?)))
    }
}
