//! The kinds of option values: how each is read and printed.

use std::collections::BTreeMap;

use super::config_file::{self, ConfigFile};
use super::declare::OptionKind;
use super::path_rules::PathRules;
use super::values::{self, Part, Traits, Unsupported};

pub(super) const FLAG: OptionKind<bool> = OptionKind {
    placeholder: "<bool>",
    examples: &["true", "false"],
    is_repeatable: false,
    changes_code: true,
    read: |flag, text| {
        *flag = text.parse().map_err(|_| "expected `true` or `false`".to_owned())?;
        Ok(())
    },
    texts: |flag| vec![flag.to_string()],
    rules: |_| None,
};

/// A flag that decides which files are generated, but not what they contain.
pub(super) const FILES_FLAG: OptionKind<bool> = OptionKind { changes_code: false, ..FLAG };

/// The name of a Cargo feature.
pub(super) const FEATURE: OptionKind<Option<String>> = OptionKind {
    placeholder: "<feature>",
    examples: &["grpc", "grpc-client"],
    is_repeatable: false,
    changes_code: true,
    read: |feature, text| {
        *feature = Some(values::feature(text)?);
        Ok(())
    },
    texts: |feature| feature.iter().cloned().collect(),
    rules: |_| None,
};

/// The name of a TOML file in the output folder.
pub(super) const TOML_FILE: OptionKind<Option<String>> = OptionKind {
    placeholder: "<file>",
    examples: &["features.toml"],
    read: |file, text| {
        *file = Some(values::toml_file(text)?);
        Ok(())
    },
    ..FEATURE
};

/// The name of a Rust file in the output folder.
pub(super) const RUST_FILE: OptionKind<String> = OptionKind {
    placeholder: "<name>",
    examples: &["generated.rs"],
    is_repeatable: false,
    changes_code: false,
    read: |file, text| {
        *file = values::file_name(text, ".rs")?;
        Ok(())
    },
    texts: |file| vec![file.clone()],
    rules: |_| None,
};

/// The paths of service configs. Their texts end up in the code, and are hashed as a part of it; their paths are not.
pub(super) const CONFIG_FILE: OptionKind<Vec<ConfigFile>> = OptionKind {
    placeholder: "<file>",
    examples: &["user_service_config.json", "../user/v1/config.json"],
    is_repeatable: true,
    changes_code: false,
    read: config_file::add,
    texts: |files| files.iter().map(|file| file.path.clone()).collect(),
    rules: |_| None,
};

/// The Rust path of prost.
pub(super) const PROST: OptionKind<String> = OptionKind {
    placeholder: "<rust>",
    examples: &["::prost"],
    changes_code: true,
    read: |path, text| {
        *path = values::prost_path(text)?;
        Ok(())
    },
    ..RUST_FILE
};

pub(super) const LEVEL: OptionKind<Unsupported> = OptionKind {
    placeholder: "<level>",
    examples: &["allow", "warn", "deny"],
    is_repeatable: false,
    changes_code: false,
    read: |level, text| {
        *level = text.parse()?;
        Ok(())
    },
    texts: |level| vec![level.to_string()],
    rules: |_| None,
};

pub(super) const PART: OptionKind<Part> = OptionKind {
    placeholder: "<part>",
    examples: &["all", "packages", "tree"],
    is_repeatable: false,
    changes_code: false,
    read: |part, text| {
        *part = text.parse()?;
        Ok(())
    },
    texts: |part| vec![part.to_string()],
    rules: |_| None,
};

/// Proto paths (`.`, `.common.v1` or `.common.v1.Money`), each with the Rust path of its existing types.
pub(super) const EXTERN_PATH: OptionKind<BTreeMap<String, String>> = OptionKind {
    placeholder: "<proto>=<rust>",
    examples: &[".common.v1=::common::v1"],
    is_repeatable: true,
    changes_code: true,
    read: values::add_extern_path,
    texts: |paths| paths.iter().map(|(proto, rust)| format!("{proto}={rust}")).collect(),
    rules: |_| None,
};

/// Proto paths, each with the traits that its existing types implement.
pub(super) const EXTERN_TRAITS: OptionKind<BTreeMap<String, Traits>> = OptionKind {
    placeholder: "<proto>=<traits>",
    examples: &[".common.v1=Copy+Eq+Hash", ".=generated"],
    is_repeatable: true,
    changes_code: true,
    read: values::add_extern_traits,
    texts: |traits| traits.iter().map(|(proto, traits)| format!("{proto}={traits}")).collect(),
    rules: |_| None,
};

/// Full proto names (`.user.v1.UserService.GetUser`), each with the name from which its Rust names are made instead.
pub(super) const RENAME: OptionKind<BTreeMap<String, String>> = OptionKind {
    placeholder: "<proto>=<name>",
    examples: &[".user.v1.UserService.Get=fetch"],
    is_repeatable: true,
    changes_code: true,
    read: values::add_rename,
    texts: |names| names.iter().map(|(proto, name)| format!("{proto}={name}")).collect(),
    rules: |_| None,
};

/// Paths without values.
pub(super) const PATH: OptionKind<PathRules> = OptionKind {
    placeholder: "<path>",
    examples: &[".user.v1.User", ".", "User.name"],
    is_repeatable: true,
    changes_code: true,
    read: PathRules::add,
    texts: PathRules::texts,
    rules: |rules| Some(rules),
};

/// Paths, each with attributes.
pub(super) const ATTRIBUTE: OptionKind<PathRules> = OptionKind {
    placeholder: "<path>=<attribute>",
    examples: &[".user.v1=#[allow(dead_code)]", "User=#[cfg(feature = \"a\")]"],
    read: PathRules::add_attribute,
    ..PATH
};

/// Paths, each with a domain.
pub(super) const DOMAIN: OptionKind<PathRules> = OptionKind {
    placeholder: "<path>=<domain>",
    examples: &[".user.v1=type.example.com"],
    read: PathRules::add_domain,
    ..PATH
};
