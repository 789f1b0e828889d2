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

    /// Give server methods a default body that returns UNIMPLEMENTED.
    generate_default_stubs: bool = false, FLAG;

    /// Generate a dyn-compatible form of each server trait too, for `Arc<dyn UserServiceDyn>`.
    dyn_trait: bool = false, FLAG;

    /// Apply a service config to clients whose channel has none of its own; needs rgrpc's feature `retry`.
    service_config: Vec<ConfigFile> = Vec::new(), CONFIG_FILE;

    /// Put clients behind a Cargo feature with this name.
    client_feature: Option<String> = None, FEATURE;

    /// Put servers behind a Cargo feature with this name.
    server_feature: Option<String> = None, FEATURE;

    /// Put each package behind a Cargo feature of its own, and list the features in this file.
    package_features: Option<String> = None, TOML_FILE;

    /// Include the package in the names of services on the wire, as gRPC and reflection expect.
    emit_package: bool = true, FLAG;

    /// Embed the descriptors of each package as `FILE_DESCRIPTOR_SET`, for reflection.
    embed_descriptor_set: bool = false, FLAG;

    /// Add custom options to the descriptors of services and methods, for interceptors.
    custom_options: bool = false, FLAG;

    /// Implement serde's traits for messages, as protobuf's JSON; needs rgrpc's feature `json`.
    json: bool = false, FLAG;

    /// Implement protobuf's text format for messages; needs rgrpc's feature `text`.
    text: bool = false, FLAG;

    /// Generate `google.protobuf` instead of using `prost_types`.
    compile_well_known_types: bool = false, FLAG;

    /// Use existing Rust types for a package, a type or all types (`.`): `.common.v1=::common::v1`.
    extern_path: BTreeMap<String, String> = BTreeMap::new(), EXTERN_PATH;

    /// State the traits of the types of an `extern_path`: `Copy`, `Eq`, `Hash`, joined by `+`, or `generated`.
    extern_traits: BTreeMap<String, Traits> = BTreeMap::new(), EXTERN_TRAITS;

    /// Set the Rust name of a service, method, message, field, oneof, enum, value or extension.
    rename: BTreeMap<String, String> = BTreeMap::new(), RENAME;

    /// Add an attribute to messages, enums and oneofs, such as `.=#[derive(PartialOrd)]`.
    type_attribute: PathRules = PathRules::on(Target::Type), ATTRIBUTE;

    /// Add an attribute to messages.
    message_attribute: PathRules = PathRules::on(Target::Message), ATTRIBUTE;

    /// Add an attribute to enums and oneofs.
    enum_attribute: PathRules = PathRules::on(Target::Enum), ATTRIBUTE;

    /// Add an attribute to the enums of oneofs.
    oneof_attribute: PathRules = PathRules::on(Target::Oneof), ATTRIBUTE;

    /// Add an attribute to fields, members of oneofs and values of enums.
    field_attribute: PathRules = PathRules::on(Target::Member), ATTRIBUTE;

    /// Add an attribute to the modules of clients, by service or package.
    client_mod_attribute: PathRules = PathRules::on(Target::Client), ATTRIBUTE;

    /// Add an attribute to the structs of clients, by service or package.
    client_attribute: PathRules = PathRules::on(Target::Client), ATTRIBUTE;

    /// Add an attribute to the modules of servers, by service or package.
    server_mod_attribute: PathRules = PathRules::on(Target::Server), ATTRIBUTE;

    /// Add an attribute to the types of servers, by service or package.
    server_attribute: PathRules = PathRules::on(Target::Server), ATTRIBUTE;

    /// Add an attribute to the traits of servers, by service or package.
    trait_attribute: PathRules = PathRules::on(Target::Server), ATTRIBUTE;

    /// Generate `bytes::Bytes` instead of `Vec<u8>` for `bytes` fields; `.` selects all.
    bytes: PathRules = PathRules::on(Target::BytesField), PATH;

    /// Generate a `BTreeMap` instead of a `HashMap` for map fields.
    btree_map: PathRules = PathRules::on(Target::Map), PATH;

    /// Box singular message fields; those of recursive messages are always boxed.
    boxed: PathRules = PathRules::on(Target::MessageField), PATH;

    /// Keep the unknown fields of messages when decoding, and write them back when encoding.
    unknown_fields: PathRules = PathRules::on(Target::Message), PATH;

    /// Leave out the `Debug` of messages, enums and oneofs, so that you can implement it.
    skip_debug: PathRules = PathRules::on(Target::Type), PATH;

    /// Keep the name of an enum as the prefix of its values: `RoleAdmin` instead of `Admin`.
    retain_enum_prefix: bool = false, FLAG;

    /// Implement `prost::Name` for messages, which packing into `Any` requires.
    enable_type_names: bool = false, FLAG;

    /// Prefix the type URLs of messages with a domain such as `type.googleapis.com`.
    type_name_domain: PathRules = PathRules::on(Target::Message), DOMAIN;

    /// Leave out the comments of elements, of all with `.`; types and methods still state what they are.
    disable_comments: PathRules = PathRules::on(Target::Element), PATH;

    /// Ignore (`allow`), warn about (`warn`) or reject (`deny`) schema features that prost lacks.
    unsupported: Unsupported = Unsupported::Warn, LEVEL;

    /// Generate the imports of the listed files too, except for `google.protobuf`.
    imports: bool = false, FILES_FLAG;

    /// Generate `all` files, only the `packages`, or only the module `tree`, when several runs share the work.
    part: Part = Part::All, PART;

    /// Set the name of the file that declares the module tree.
    include_file: String = "mod.rs".to_owned(), RUST_FILE;

    /// Set the path of prost in generated messages.
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
