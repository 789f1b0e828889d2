//! What a user can choose: one struct, and one table from which every door takes the names.

mod doors;
mod example;
mod parse;
mod rules;
mod table;
mod values;

use std::collections::{BTreeMap, BTreeSet};

pub use rules::Rules;
pub(crate) use rules::{Rule, RuleKind};
pub use table::{OPTIONS, OptionSpec};
pub(crate) use values::Traits;

/// What to generate, and how.
///
/// The three doors fill it from one table, [`OPTIONS`]: the plugin from its parameter, the `build.rs` builder and the
/// command line by name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Options {
    /// Generate clients. Default: true.
    pub client: bool,
    /// Generate servers. Default: true.
    pub server: bool,
    /// Give every server method a body that answers UNIMPLEMENTED. Default: false.
    pub default_methods: bool,
    /// Emit a form of each server trait that can be a trait object. Default: false.
    pub dyn_trait: bool,
    /// Cargo feature that the clients are compiled with. Default: none, they always are.
    pub client_feature: Option<String>,
    /// Cargo feature that the servers are compiled with. Default: none, they always are.
    pub server_feature: Option<String>,
    /// Name of the file with a Cargo feature for each package, behind which the package is. Default: none, neither.
    pub package_features: Option<String>,
    /// Put the package in front of the names of services on the wire, as gRPC does. Default: true.
    pub emit_package: bool,
    /// Embed each package's files, and all they import, as a serialized `FileDescriptorSet`. Default: false.
    pub descriptor_set: bool,
    /// Give the descriptors of services and methods their custom options. Default: false.
    pub custom_options: bool,
    /// Implement `Serialize` and `Deserialize` for messages, as protobuf's JSON. Default: false.
    pub json: bool,
    /// Generate `google.protobuf` like any other package instead of using `prost_types`. Default: false.
    pub compile_well_known_types: bool,
    /// Proto path (`.`, `.common.v1` or `.common.v1.Money`) and the Rust path of the types that exist there already.
    pub extern_paths: Vec<(String, String)>,
    /// Proto path and what the types that exist there already can. Default: nothing.
    pub(crate) extern_traits: BTreeMap<String, Traits>,
    /// Full proto name (`.user.v1.UserService.GetUser`) and the name from which its Rust name is made instead.
    pub renames: BTreeMap<String, String>,
    /// What is said of single elements, packages or everything: attributes, types, comments. Default: nothing.
    pub rules: Rules,
    /// Leave the name of an enum in front of the names of its values. Default: false.
    pub retain_enum_prefix: bool,
    /// Implement `prost::Name` for messages. Default: false.
    pub enable_type_names: bool,
    /// What to make of extensions, closed enums and the like, which prost does not keep. Default: warn.
    pub limits: Limits,
    /// Name of the file that mounts the module tree. Default: `mod.rs`.
    pub include_file: String,
    /// Rust path of the prost crate that the messages name. Default: `::rgrpc::prost`.
    pub prost_path: String,
    /// `name=value` of every option that was set to something else than its default.
    chosen: BTreeSet<String>,
    /// The names of the options that were set and that can be set only once.
    given: BTreeSet<&'static str>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            client: true,
            server: true,
            default_methods: false,
            dyn_trait: false,
            client_feature: None,
            server_feature: None,
            package_features: None,
            emit_package: true,
            descriptor_set: false,
            custom_options: false,
            json: false,
            compile_well_known_types: false,
            extern_paths: Vec::new(),
            extern_traits: BTreeMap::new(),
            renames: BTreeMap::new(),
            rules: Rules::default(),
            retain_enum_prefix: false,
            enable_type_names: false,
            limits: Limits::Warn,
            include_file: "mod.rs".to_owned(),
            prost_path: "::rgrpc::prost".to_owned(),
            chosen: BTreeSet::new(),
            given: BTreeSet::new(),
        }
    }
}

/// What to make of what prost cannot keep of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// Nothing.
    Allow,
    /// Warnings.
    Warn,
    /// Errors.
    Deny,
}
