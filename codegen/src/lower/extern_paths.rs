//! Maps proto names to Rust types that exist already: those of the option `extern_path`, and the well-known types of prost.

use std::collections::BTreeMap;

use rgrpc_schema::schema::{Schema, Symbol};

use crate::model::Derives;
use crate::names::without_raw;
use crate::options::{Options, Traits};
use crate::proto_paths::covers;
use crate::rust_type::{module, type_};

/// The mappings from proto paths to existing Rust types.
#[derive(Debug)]
pub(crate) struct ExternPaths {
    /// By proto path: a type, `.google.protobuf.Timestamp`, a package, or the empty path, which covers all types.
    mappings: BTreeMap<String, Mapping>,
    /// The prefix of all mapped paths. Most names lack it, and need no lookup.
    common_prefix: String,
    /// The option `extern_traits`, by proto path.
    traits: BTreeMap<String, Traits>,
    /// The packages below `google.protobuf` that prost-types does not contain.
    not_in_prost_types: Vec<String>,
}

#[derive(Debug)]
struct Mapping {
    rust: String,
    /// The module of what is nested in the mapped element: for a type, the module beside it.
    module: String,
    is_from_user: bool,
    /// Whether prost defines the types, so that they derive what generated ones would.
    is_prost: bool,
}

/// The well-known types that prost maps to a primitive type or to `()`.
const PRIMITIVES: &[(&str, &str)] = &[
    ("BoolValue", "bool"),
    ("DoubleValue", "f64"),
    ("Empty", "()"),
    ("FloatValue", "f32"),
    ("Int32Value", "i32"),
    ("Int64Value", "i64"),
    ("UInt32Value", "u32"),
    ("UInt64Value", "u64"),
];

const WELL_KNOWN: &str = ".google.protobuf";

/// The proto path by which the user maps all types.
const ALL: &str = ".";

impl ExternPaths {
    /// Collects the user's mappings, and those of the well-known types unless the user maps or generates them.
    pub(crate) fn new(schema: &Schema<'_>, options: &Options) -> Self {
        let mut mappings = BTreeMap::new();
        let mut insert = |proto: String, rust: String, is_from_user: bool| {
            let is_prost =
                !is_from_user || proto.starts_with(WELL_KNOWN) && rust.split("::").any(|name| name == "prost_types");
            let module = match schema.resolve(&proto) {
                Some(Symbol::Message(_)) => module_beside(&rust),
                _ => rust.clone(),
            };
            mappings.entry(proto).or_insert(Mapping { rust, module, is_from_user, is_prost });
        };
        for (proto, rust) in &options.extern_path {
            insert(key(proto), rust.clone(), true);
        }
        let is_mapped = options.extern_path.contains_key(WELL_KNOWN);
        if !options.compile_well_known_types && !is_mapped {
            let prost = &options.prost_path;
            insert(WELL_KNOWN.to_owned(), format!("{prost}_types"), false);
            insert(format!("{WELL_KNOWN}.BytesValue"), format!("{prost}::alloc::vec::Vec<u8>"), false);
            insert(format!("{WELL_KNOWN}.StringValue"), format!("{prost}::alloc::string::String"), false);
            for (name, rust) in PRIMITIVES {
                insert(format!("{WELL_KNOWN}.{name}"), (*rust).to_owned(), false);
            }
        }
        let traits = options.extern_traits.iter().map(|(proto, traits)| (key(proto), *traits));
        let packages = schema.files.iter().map(|file| file.descriptor.package());
        let below_well_known = packages.filter(|package| package.starts_with("google.protobuf."));
        let not_in_prost_types = below_well_known.filter(|package| *package != "google.protobuf.compiler");
        Self {
            common_prefix: common_prefix(&mappings),
            mappings,
            traits: traits.collect(),
            not_in_prost_types: not_in_prost_types.map(|package| format!(".{package}")).collect(),
        }
    }

    /// Whether a mapping covers a type or a package: `.google.protobuf.Timestamp`, `.google.protobuf`.
    pub(crate) fn contains(&self, proto: &str) -> bool {
        self.find(proto).is_some()
    }

    /// Whether every type is mapped, so that only services are generated.
    pub(crate) fn covers_all_types(&self) -> bool {
        self.mappings.contains_key("")
    }

    /// Whether a package is mapped by name, so that nothing of it is generated.
    pub(crate) fn covers_package(&self, package: &str) -> bool {
        self.find(package).is_some_and(|(_, rest)| rest.len() < package.len())
    }

    /// The mapping that covers an element, as proto and Rust path. The mapping of all types covers nothing but types.
    pub(crate) fn covering_mapping<'a>(&'a self, proto: &'a str, is_type: bool) -> Option<(&'a str, &'a str)> {
        let (mapping, rest) = self.find(proto)?;
        match &proto[..proto.len() - rest.len()] {
            "" => is_type.then_some((ALL, &mapping.rust)),
            covered => Some((covered, &mapping.rust)),
        }
    }

    /// The proto path of the mapping that covers a name.
    pub(crate) fn covering_path<'a>(&self, name: &'a str) -> Option<&'a str> {
        self.find(name).map(|(_, rest)| &name[..name.len() - rest.len()])
    }

    /// Whether the user gave the mapping that covers a type.
    pub(crate) fn is_mapped_by_user(&self, proto: &str) -> bool {
        self.find(proto).is_some_and(|(mapping, _)| mapping.is_from_user)
    }

    /// The Rust path of a type, if a mapping covers it.
    pub(crate) fn resolve(&self, type_name: &str) -> Option<String> {
        let (mapping, rest) = self.find(type_name)?;
        let Some((modules, name)) = rest.rsplit_once('.') else { return Some(mapping.rust.clone()) };
        let modules = modules.split('.').filter(|module| !module.is_empty()).map(module);
        let segments = std::iter::once(mapping.module.clone()).chain(modules).chain([type_(name)]);
        Some(segments.collect::<Vec<_>>().join("::"))
    }

    /// The traits of a message that a mapping covers; `None` for a message that derives what a generated one would.
    pub(crate) fn traits(&self, message: &str) -> Option<Derives> {
        let (mapping, _) = self.find(message)?;
        match longest(message, |path| self.traits.get(path)) {
            Some((Traits::Generated, _)) => None,
            Some((Traits::Named(traits), _)) => Some(*traits),
            None => (!mapping.is_prost).then_some(Derives::NONE),
        }
    }

    /// The user's mappings, as proto and Rust path.
    pub(crate) fn user_mappings(&self) -> impl Iterator<Item = (&str, &str)> {
        let mappings = self.mappings.iter().filter(|(_, mapping)| mapping.is_from_user);
        mappings.map(|(proto, mapping)| (&**proto, &*mapping.rust))
    }

    /// The proto paths of the option `extern_traits`.
    pub(crate) fn traits_paths(&self) -> impl Iterator<Item = &str> {
        self.traits.keys().map(String::as_str)
    }

    /// The longest mapping that covers a name, and the rest of the name: `.sub.Type`, or nothing for an exact match.
    fn find<'a>(&self, proto: &'a str) -> Option<(&Mapping, &'a str)> {
        if !proto.starts_with(&self.common_prefix) {
            return None;
        }
        let may_be_in_prost_types = || !self.not_in_prost_types.iter().any(|package| covers(package, proto));
        longest(proto, |path| self.mappings.get(path).filter(|mapping| mapping.is_from_user || may_be_in_prost_types()))
    }
}

/// The prefix that all paths share.
fn common_prefix<T>(paths: &BTreeMap<String, T>) -> String {
    let (Some((first, _)), Some((last, _))) = (paths.first_key_value(), paths.last_key_value()) else {
        return String::new();
    };
    // The paths are sorted, so a prefix of the first and the last is a prefix of all.
    first.chars().zip(last.chars()).take_while(|(a, b)| a == b).map(|(shared, _)| shared).collect()
}

/// A proto path from an option as a key of a map, in which the empty path covers everything.
fn key(proto: &str) -> String {
    if proto == ALL { String::new() } else { proto.to_owned() }
}

/// The entry of the longest path that covers a name, and the rest of the name.
fn longest<T>(name: &str, entry: impl Fn(&str) -> Option<T>) -> Option<(T, &str)> {
    let mut ends = std::iter::once(name.len()).chain(name.rmatch_indices('.').map(|(dot, _)| dot));
    ends.find_map(|end| Some((entry(&name[..end])?, &name[end..])))
}

/// The module of the types nested in a type, which prost puts beside the type: `::api::user` for `::api::User`.
fn module_beside(rust: &str) -> String {
    let (scope, name) = rust.rsplit_once("::").unwrap_or(("", rust));
    format!("{scope}::{}", module(without_raw(name)))
}
