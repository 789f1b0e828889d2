//! The declaration of every option: its field, its default, its kind, and the sentence in the help.

use std::collections::{BTreeMap, BTreeSet};

use super::config_file::ConfigFile;
use super::declare;
use super::kinds::{
    ATTRIBUTE, CONFIG_FILE, DOMAIN, EXTERN_PATH, EXTERN_TRAITS, FEATURE, FILES_FLAG, FLAG, LEVEL, PART, PATH, PROST,
    RENAME, RUST_FILE, TOML_FILE,
};
use super::path_rules::{PathRules, Target};
use super::values::{Part, Traits, Unsupported};

declare::options! {
    /// Generate clients.
    build_client: bool = true, FLAG;

    /// Generate servers.
    build_server: bool = true, FLAG;

    /// Give server methods a body that answers UNIMPLEMENTED.
    generate_default_stubs: bool = false, FLAG;

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
    embed_descriptor_set: bool = false, FLAG;

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
    type_attribute: PathRules = PathRules::on(Target::Type), ATTRIBUTE;

    /// Put an attribute on messages.
    message_attribute: PathRules = PathRules::on(Target::Message), ATTRIBUTE;

    /// Put an attribute on enums and oneofs.
    enum_attribute: PathRules = PathRules::on(Target::Enum), ATTRIBUTE;

    /// Put an attribute on the enums of oneofs.
    oneof_attribute: PathRules = PathRules::on(Target::Oneof), ATTRIBUTE;

    /// Put an attribute on fields, members of oneofs and values of enums.
    field_attribute: PathRules = PathRules::on(Target::Member), ATTRIBUTE;

    /// Put an attribute on the modules of clients, by service or package.
    client_mod_attribute: PathRules = PathRules::on(Target::Client), ATTRIBUTE;

    /// Put an attribute on the structs of clients, by service or package.
    client_attribute: PathRules = PathRules::on(Target::Client), ATTRIBUTE;

    /// Put an attribute on the modules of servers, by service or package.
    server_mod_attribute: PathRules = PathRules::on(Target::Server), ATTRIBUTE;

    /// Put an attribute on the types of servers, by service or package.
    server_attribute: PathRules = PathRules::on(Target::Server), ATTRIBUTE;

    /// Put an attribute on the traits of servers, by service or package.
    trait_attribute: PathRules = PathRules::on(Target::Server), ATTRIBUTE;

    /// Make `bytes` fields `bytes::Bytes` instead of `Vec<u8>`; `.` selects all.
    bytes: PathRules = PathRules::on(Target::BytesField), PATH;

    /// Make map fields a `BTreeMap` instead of a `HashMap`.
    btree_map: PathRules = PathRules::on(Target::Map), PATH;

    /// Box fields that hold one message; those of recursive messages are boxed anyway.
    boxed: PathRules = PathRules::on(Target::MessageField), PATH;

    /// Keep the fields that messages receive and do not declare, and write them again.
    unknown_fields: PathRules = PathRules::on(Target::Message), PATH;

    /// Leave out the `Debug` of messages, enums and oneofs, to write it by hand.
    skip_debug: PathRules = PathRules::on(Target::Type), PATH;

    /// Leave the name of an enum in front of its values: `RoleAdmin` instead of `Admin`.
    retain_enum_prefix: bool = false, FLAG;

    /// Implement `prost::Name` for messages, which `Any` is packed by.
    enable_type_names: bool = false, FLAG;

    /// Put a domain such as `type.googleapis.com` in front of the type URLs of messages.
    type_name_domain: PathRules = PathRules::on(Target::Message), DOMAIN;

    /// Leave out the comments of elements, `.` of all; types and methods say what they are instead.
    disable_comments: PathRules = PathRules::on(Target::Element), PATH;

    /// Ignore (`allow`), report (`warn`) or refuse (`deny`) what prost cannot keep of a schema.
    unsupported: Unsupported = Unsupported::Warn, LEVEL;

    /// Generate the files that the given ones import, too, but for those of `google.protobuf`.
    imports: bool = false, FILES_FLAG;

    /// Write `all` files, those of the `packages`, or the module `tree`, where runs share the work.
    part: Part = Part::All, PART;

    /// Name the file that mounts the module tree.
    include_file: String = "mod.rs".to_owned(), RUST_FILE;

    /// Name prost by another path in messages.
    prost_path: String = "::rgrpc::prost".to_owned(), PROST;
}

/// The description of an option: its name, its values and its help.
#[derive(Debug)]
pub struct OptionSpec {
    /// The name, which is the same at every entry point.
    pub name: &'static str,
    /// The placeholder for the value: `<bool>`.
    pub value: &'static str,
    pub(super) sentence: &'static str,
    pub(super) examples: &'static [&'static str],
    pub(super) is_repeatable: bool,
    pub(super) changes_code: bool,
    pub(super) read: fn(&mut Options, &str) -> Result<(), String>,
    pub(super) reset: fn(&mut Options),
    pub(super) texts: fn(&Options) -> Vec<String>,
    pub(super) rules: fn(&Options) -> Option<&PathRules>,
}
