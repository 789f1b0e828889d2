//! Every option: its name, its value, what it does, and how it is set.

use super::Options;
use super::rules::RuleKind;
use super::values::{
    add_extern_path, add_extern_traits, add_rename, set_bool, set_feature, set_include_file, set_limits,
    set_package_features, set_prost_path,
};

/// A row of the option table.
#[derive(Debug)]
pub struct OptionSpec {
    /// The option's name, the same through every door.
    pub name: &'static str,
    /// What stands after `=`.
    pub value: &'static str,
    /// One sentence for `--help` and the README.
    pub help: &'static str,
    pub(super) set: Set,
}

/// How an option takes a value.
#[derive(Debug)]
pub(super) enum Set {
    /// It can be given once.
    Once(fn(&mut Options, &str) -> Result<(), String>),
    /// It can be given once for each path.
    Each(fn(&mut Options, &str) -> Result<(), String>),
}

use Set::{Each, Once};

impl Set {
    pub(super) fn to(&self, options: &mut Options, value: &str) -> Result<(), String> {
        let (Once(set) | Each(set)) = self;
        set(options, value)
    }
}

/// Every option there is.
pub const OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        name: "client",
        value: "<bool>",
        help: "Generate clients (default true).",
        set: Once(|options, value| set_bool(&mut options.client, value)),
    },
    OptionSpec {
        name: "server",
        value: "<bool>",
        help: "Generate servers (default true).",
        set: Once(|options, value| set_bool(&mut options.server, value)),
    },
    OptionSpec {
        name: "default_methods",
        value: "<bool>",
        help: "Give server methods a body that answers UNIMPLEMENTED (default false).",
        set: Once(|options, value| set_bool(&mut options.default_methods, value)),
    },
    OptionSpec {
        name: "dyn_trait",
        value: "<bool>",
        help: "Emit a form of each server trait for `Arc<dyn UserServiceDyn>`, which can be served too (default false).",
        set: Once(|options, value| set_bool(&mut options.dyn_trait, value)),
    },
    OptionSpec {
        name: "client_feature",
        value: "<feature>",
        help: "Compile clients only with a Cargo feature of this name.",
        set: Once(|options, value| set_feature(&mut options.client_feature, value)),
    },
    OptionSpec {
        name: "server_feature",
        value: "<feature>",
        help: "Compile servers only with a Cargo feature of this name.",
        set: Once(|options, value| set_feature(&mut options.server_feature, value)),
    },
    OptionSpec {
        name: "package_features",
        value: "<file>",
        help: "Compile each package only with a Cargo feature of its own, and write the features to a file.",
        set: Once(set_package_features),
    },
    OptionSpec {
        name: "emit_package",
        value: "<bool>",
        help: "Name services on the wire with their packages, as gRPC does and reflection expects (default true).",
        set: Once(|options, value| set_bool(&mut options.emit_package, value)),
    },
    OptionSpec {
        name: "descriptor_set",
        value: "<bool>",
        help: "Embed the descriptors of each package as `FILE_DESCRIPTOR_SET`, for reflection (default false).",
        set: Once(|options, value| set_bool(&mut options.descriptor_set, value)),
    },
    OptionSpec {
        name: "custom_options",
        value: "<bool>",
        help: "Give the descriptors of services and methods their custom options, for interceptors (default false).",
        set: Once(|options, value| set_bool(&mut options.custom_options, value)),
    },
    OptionSpec {
        name: "json",
        value: "<bool>",
        help: "Implement serde's traits for messages as protobuf's JSON; needs rgrpc's feature `json` (default false).",
        set: Once(|options, value| set_bool(&mut options.json, value)),
    },
    OptionSpec {
        name: "compile_well_known_types",
        value: "<bool>",
        help: "Generate `google.protobuf` instead of using `prost_types` (default false).",
        set: Once(|options, value| set_bool(&mut options.compile_well_known_types, value)),
    },
    OptionSpec {
        name: "extern_path",
        value: "<proto>=<rust>",
        help: "Use the Rust types at a path for a package, type or all (`.`): `.common.v1=::common::v1`; repeatable.",
        set: Each(add_extern_path),
    },
    OptionSpec {
        name: "extern_traits",
        value: "<proto>=<traits>",
        help: "Say what the types of an extern_path implement: `Copy`, `Eq` and `Hash` with `+` between, or `generated`; repeatable.",
        set: Each(add_extern_traits),
    },
    OptionSpec {
        name: "rename",
        value: "<proto>=<name>",
        help: "Pin the Rust name of a service, method, message, field, oneof, enum or value; repeatable.",
        set: Each(add_rename),
    },
    OptionSpec {
        name: "type_attribute",
        value: "<path>=<attribute>",
        help: "Put an attribute on messages, enums and oneofs, such as `.=#[derive(PartialOrd)]`; repeatable.",
        set: Each(|options, value| options.rules.add_attribute(RuleKind::TypeAttribute, value)),
    },
    OptionSpec {
        name: "message_attribute",
        value: "<path>=<attribute>",
        help: "Put an attribute on messages; repeatable.",
        set: Each(|options, value| options.rules.add_attribute(RuleKind::MessageAttribute, value)),
    },
    OptionSpec {
        name: "enum_attribute",
        value: "<path>=<attribute>",
        help: "Put an attribute on enums and oneofs; repeatable.",
        set: Each(|options, value| options.rules.add_attribute(RuleKind::EnumAttribute, value)),
    },
    OptionSpec {
        name: "oneof_attribute",
        value: "<path>=<attribute>",
        help: "Put an attribute on the enums of oneofs; repeatable.",
        set: Each(|options, value| options.rules.add_attribute(RuleKind::OneofAttribute, value)),
    },
    OptionSpec {
        name: "field_attribute",
        value: "<path>=<attribute>",
        help: "Put an attribute on fields, members of oneofs and values of enums; repeatable.",
        set: Each(|options, value| options.rules.add_attribute(RuleKind::FieldAttribute, value)),
    },
    OptionSpec {
        name: "client_mod_attribute",
        value: "<path>=<attribute>",
        help: "Put an attribute on the modules of clients, by service or package; repeatable.",
        set: Each(|options, value| options.rules.add_attribute(RuleKind::ClientModAttribute, value)),
    },
    OptionSpec {
        name: "client_attribute",
        value: "<path>=<attribute>",
        help: "Put an attribute on the structs of clients, by service or package; repeatable.",
        set: Each(|options, value| options.rules.add_attribute(RuleKind::ClientAttribute, value)),
    },
    OptionSpec {
        name: "server_mod_attribute",
        value: "<path>=<attribute>",
        help: "Put an attribute on the modules of servers, by service or package; repeatable.",
        set: Each(|options, value| options.rules.add_attribute(RuleKind::ServerModAttribute, value)),
    },
    OptionSpec {
        name: "server_attribute",
        value: "<path>=<attribute>",
        help: "Put an attribute on the types of servers, by service or package; repeatable.",
        set: Each(|options, value| options.rules.add_attribute(RuleKind::ServerAttribute, value)),
    },
    OptionSpec {
        name: "trait_attribute",
        value: "<path>=<attribute>",
        help: "Put an attribute on the traits of servers, by service or package; repeatable.",
        set: Each(|options, value| options.rules.add_attribute(RuleKind::TraitAttribute, value)),
    },
    OptionSpec {
        name: "bytes",
        value: "<path>",
        help: "Make `bytes` fields `bytes::Bytes` instead of `Vec<u8>`; `.` selects all; repeatable.",
        set: Each(|options, value| options.rules.add(RuleKind::Bytes, value)),
    },
    OptionSpec {
        name: "btree_map",
        value: "<path>",
        help: "Make map fields a `BTreeMap` instead of a `HashMap`; repeatable.",
        set: Each(|options, value| options.rules.add(RuleKind::BtreeMap, value)),
    },
    OptionSpec {
        name: "boxed",
        value: "<path>",
        help: "Box fields that hold one message; those of recursive messages are boxed anyway; repeatable.",
        set: Each(|options, value| options.rules.add(RuleKind::Boxed, value)),
    },
    OptionSpec {
        name: "skip_debug",
        value: "<path>",
        help: "Leave out the `Debug` of messages, enums and oneofs, to write it by hand; repeatable.",
        set: Each(|options, value| options.rules.add(RuleKind::SkipDebug, value)),
    },
    OptionSpec {
        name: "retain_enum_prefix",
        value: "<bool>",
        help: "Leave the name of an enum in front of its values: `RoleAdmin` instead of `Admin` (default false).",
        set: Once(|options, value| set_bool(&mut options.retain_enum_prefix, value)),
    },
    OptionSpec {
        name: "enable_type_names",
        value: "<bool>",
        help: "Implement `prost::Name` for messages, which `Any` is packed by (default false).",
        set: Once(|options, value| set_bool(&mut options.enable_type_names, value)),
    },
    OptionSpec {
        name: "type_name_domain",
        value: "<path>=<domain>",
        help: "Put a domain such as `type.googleapis.com` in front of the type URLs of messages; repeatable.",
        set: Each(|options, value| options.rules.add_domain(RuleKind::TypeNameDomain, value)),
    },
    OptionSpec {
        name: "disable_comments",
        value: "<path>",
        help: "Leave out the comments of elements, `.` of all; types and methods say what they are instead; repeatable.",
        set: Each(|options, value| options.rules.add(RuleKind::DisableComments, value)),
    },
    OptionSpec {
        name: "limits",
        value: "<level>",
        help: "Make of what prost cannot keep of a schema nothing (`allow`), warnings (`warn`, default) or errors (`deny`).",
        set: Once(set_limits),
    },
    OptionSpec {
        name: "include_file",
        value: "<name>",
        help: "Name the file that mounts the module tree (default `mod.rs`).",
        set: Once(set_include_file),
    },
    OptionSpec {
        name: "prost_path",
        value: "<rust>",
        help: "Name prost by another path in messages (default `::rgrpc::prost`).",
        set: Once(set_prost_path),
    },
];
