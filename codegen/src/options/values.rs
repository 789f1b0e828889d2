//! Parses and checks the values of options.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::model::Derives;
use crate::syntax::{Attribute, is_name};

/// Checks the name of a Cargo feature, by the rules of crates.io.
pub(super) fn feature(value: &str) -> Result<String, String> {
    let is_first = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !value.starts_with(is_first) || !value.chars().all(|c| is_first(c) || matches!(c, '-' | '+' | '.')) {
        return Err(format!("`{value}` is not the name of a Cargo feature"));
    }
    Ok(value.to_owned())
}

pub(super) fn add_extern_path(paths: &mut BTreeMap<String, String>, value: &str) -> Result<(), String> {
    let (proto, rust) = value.split_once('=').ok_or("the Rust path is missing")?;
    let proto = mapped_path(proto)?;
    if let Some(other) = paths.get(&proto) {
        return Err(format!("`{proto}` is already mapped to `{other}`"));
    }
    paths.insert(proto, absolute_path(rust)?);
    Ok(())
}

/// The traits of types that an `extern_path` maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Traits {
    /// The traits that the types would derive if they were generated.
    Generated,
    Named(Derives),
}

impl fmt::Display for Traits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Named(Derives { copy, eq, hash }) = *self else { return f.write_str("generated") };
        let names = [(copy, "Copy"), (eq, "Eq"), (hash, "Hash")];
        f.write_str(&names.iter().filter(|(has, _)| *has).map(|(_, name)| *name).collect::<Vec<_>>().join("+"))
    }
}

pub(super) fn add_extern_traits(all: &mut BTreeMap<String, Traits>, value: &str) -> Result<(), String> {
    let (proto, names) = value.split_once('=').ok_or("the traits are missing")?;
    let proto = mapped_path(proto)?;
    let mut traits = Derives::NONE;
    for name in names.split('+').filter(|_| names != "generated") {
        match name {
            "Copy" => traits.copy = true,
            "Eq" => traits.eq = true,
            "Hash" => traits.hash = true,
            _ => {
                return Err(format!(
                    "`{name}` is not `Copy`, `Eq` or `Hash`; `generated` cannot be combined with others"
                ));
            }
        }
    }
    let traits = if names == "generated" { Traits::Generated } else { Traits::Named(traits) };
    if all.insert(proto.clone(), traits).is_some() {
        return Err(format!("the traits of `{proto}` are already given"));
    }
    Ok(())
}

pub(super) fn add_rename(names: &mut BTreeMap<String, String>, value: &str) -> Result<(), String> {
    let (proto, name) = value.split_once('=').ok_or("the name is missing")?;
    let proto = proto_path(proto)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(is_name) {
        return Err(format!("`{name}` is not a name of letters, digits and underscores"));
    }
    if let Some(other) = names.get(&proto) {
        return Err(format!("`{proto}` is already named `{other}`"));
    }
    names.insert(proto, name.to_owned());
    Ok(())
}

/// Checks the path of a mapping: a full proto name, or `.` for all types.
fn mapped_path(path: &str) -> Result<String, String> {
    if path == "." { Ok(path.to_owned()) } else { proto_path(path) }
}

/// Checks a full proto name, and adds the leading dot: `.user.v1.User`.
fn proto_path(path: &str) -> Result<String, String> {
    let path = if path.starts_with('.') { path.to_owned() } else { format!(".{path}") };
    if has_names(&path[1..]) {
        Ok(path)
    } else {
        Err(format!("`{path}` is not a full proto name such as `.user.v1.User`"))
    }
}

/// Checks the path of a rule: `.`, `.user.v1`, `.user.v1.User` or `User.name`.
pub(super) fn check_selector(path: &str) -> Result<(), String> {
    if path == "." || has_names(path.strip_prefix('.').unwrap_or(path)) {
        return Ok(());
    }
    Err(format!("`{path}` is neither `.`, which selects everything, nor a name such as `.user.v1.User` or `User.name`"))
}

fn has_names(path: &str) -> bool {
    !path.split('.').any(|part| part.is_empty() || part.contains(char::is_whitespace))
}

/// Checks one or more outer attributes.
pub(super) fn check_attributes(text: &str) -> Result<(), String> {
    // The parser skips a byte order mark at the start of a text. The line feed keeps it from doing so.
    let reason = match Attribute::parse(&format!("\n{text}")) {
        Some(attributes) if !attributes.is_empty() => return Ok(()),
        None if text.starts_with("#[") && !text.ends_with(']') => r"; in a plugin's parameter, write `\,` for a comma",
        _ => "",
    };
    Err(format!("`{text}` is not an attribute such as `#[derive(PartialOrd)]`{reason}"))
}

/// Checks the start of a type URL: `type.googleapis.com`.
pub(super) fn check_domain(domain: &str) -> Result<(), String> {
    if domain.is_empty() || domain.ends_with('/') || domain.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(format!("`{domain}` is not a domain such as `type.googleapis.com`"));
    }
    Ok(())
}

/// Checks a path to which names can be appended, and makes it absolute, so that it means the same in every module.
fn absolute_path(path: &str) -> Result<String, String> {
    let (root, names) = match path.split_once("::") {
        Some((root @ ("" | "crate"), names)) => (root, names),
        _ if path == "crate" => return Ok(path.to_owned()),
        _ => ("", path),
    };
    // prost-build cannot handle a name of underscores only.
    let is_name = |name: &str| is_name(name) && name.contains(char::is_alphanumeric);
    if names.split("::").all(is_name) {
        return Ok(format!("{root}::{names}"));
    }
    match path.split("::").next() {
        Some("self" | "super" | "Self") => Err(format!("`{path}` is relative, but generated code is in many modules")),
        _ => Err(format!("`{path}` is not a path of Rust names separated by `::`")),
    }
}

pub(super) fn prost_path(value: &str) -> Result<String, String> {
    match absolute_path(value)? {
        root if root == "crate" => {
            Err("prost_types must be beside it, but nothing is beside the root of a crate".to_owned())
        }
        path => Ok(path),
    }
}

/// The treatment of schema features that prost cannot represent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsupported {
    /// Generates the code without them, silently.
    Allow,
    /// Generates the code without them, with a warning for each. This is the default.
    Warn,
    /// Generates nothing, and returns an error for each.
    Deny,
}

impl FromStr for Unsupported {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "allow" => Ok(Self::Allow),
            "warn" => Ok(Self::Warn),
            "deny" => Ok(Self::Deny),
            _ => Err("expected `allow`, `warn` or `deny`".to_owned()),
        }
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        })
    }
}

/// The part of the files that a run generates, when several runs share the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// All files. This is the default.
    All,
    /// Only the files of the packages in this run; other runs generate the other packages.
    Packages,
    /// Only the module tree and the Cargo features.
    Tree,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            "packages" => Ok(Self::Packages),
            "tree" => Ok(Self::Tree),
            _ => Err("expected `all`, `packages` or `tree`".to_owned()),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "all",
            Self::Packages => "packages",
            Self::Tree => "tree",
        })
    }
}

pub(super) fn toml_file(value: &str) -> Result<String, String> {
    // Cargo takes a folder with a Cargo.toml for a package of its own, and excludes it from the surrounding package.
    if value.eq_ignore_ascii_case("Cargo.toml") {
        return Err("Cargo would take the file for the manifest of a package; give it another name".to_owned());
    }
    file_name(value, ".toml")
}

/// Checks the name of a file in the output folder.
pub(super) fn file_name(value: &str, ending: &str) -> Result<String, String> {
    let is_file_name = !value.contains(['/', '\\', ':', '"'])
        && !value.contains(char::is_control)
        && value.strip_suffix(ending).is_some_and(|stem| !stem.is_empty());
    if is_file_name { Ok(value.to_owned()) } else { Err(format!("expected a file name that ends in `{ending}`")) }
}
