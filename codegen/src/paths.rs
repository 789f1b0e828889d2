//! Where types live: a proto type name goes in, the Rust path that a service module uses comes out.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::input::DescriptorSet;
use crate::lower::Decisions;
use crate::model::Derives;
use crate::names::{self, Name};
use crate::options::{Options, Traits};
use crate::uses;
use rgrpc_schema::{Diagnostic, Errors};

/// Proto paths that map to Rust types which exist already.
#[derive(Debug)]
pub(crate) struct ExternPaths {
    /// `.google.protobuf.Timestamp`, a package or nothing, which is all types, with its Rust path.
    paths: BTreeMap<String, Extern>,
    /// What the user says of the types of a path.
    traits: BTreeMap<String, Traits>,
}

#[derive(Debug)]
struct Extern {
    rust: String,
    matched: AtomicBool,
    /// Whether it is a well-known type of prost's, which derives what would be derived here.
    is_of_prost: bool,
}

/// The well-known types that prost maps to a type of Rust itself.
const SCALARS: &[(&str, &str)] = &[
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

/// How the user maps all types.
const ALL: &str = ".";

impl ExternPaths {
    /// The user's mappings, and those of the well-known types unless they are generated or mapped by the user.
    pub(crate) fn new(options: &Options) -> Self {
        let mut paths = BTreeMap::new();
        let mut insert = |proto: String, rust: String, matched: bool| {
            let is_of_prost =
                matched || proto.starts_with(WELL_KNOWN) && rust.split("::").any(|name| name == "prost_types");
            paths.entry(proto).or_insert(Extern { rust, matched: AtomicBool::new(matched), is_of_prost });
        };
        for (proto, rust) in &options.extern_paths {
            insert(prefix(proto), rust.clone(), false);
        }
        let mapped = options.extern_paths.iter().any(|(proto, _)| proto == WELL_KNOWN);
        if !options.compile_well_known_types && !mapped {
            let prost = &options.prost_path;
            insert(WELL_KNOWN.to_owned(), prost_types_path(options), true);
            insert(format!("{WELL_KNOWN}.BytesValue"), format!("{prost}::alloc::vec::Vec<u8>"), true);
            insert(format!("{WELL_KNOWN}.StringValue"), format!("{prost}::alloc::string::String"), true);
            for (name, rust) in SCALARS {
                insert(format!("{WELL_KNOWN}.{name}"), (*rust).to_owned(), true);
            }
        }
        let traits = options.extern_traits.iter().map(|(proto, traits)| (prefix(proto), *traits));
        Self { paths, traits: traits.collect() }
    }

    /// Whether a type, or a whole package, exists already: `.google.protobuf.Timestamp`, `.google.protobuf`.
    pub(crate) fn contains(&self, proto: &str) -> bool {
        self.find(proto).is_some()
    }

    /// Whether every type exists already: then only services are generated.
    pub(crate) fn contain_all(&self) -> bool {
        self.paths.contains_key("")
    }

    /// Whether a package is mapped by a name that it has: then nothing of it is generated.
    pub(crate) fn contain_package(&self, package: &str) -> bool {
        self.find(package).is_some_and(|(_, rest)| rest.len() < package.len())
    }

    /// The mapping that covers an element, as proto and Rust path; that of all types covers types only.
    pub(crate) fn mapping<'a>(&'a self, proto: &'a str, is_type: bool) -> Option<(&'a str, &'a str)> {
        let (mapped, rest) = self.find(proto)?;
        match &proto[..proto.len() - rest.len()] {
            "" => is_type.then_some((ALL, &mapped.rust)),
            covered => Some((covered, &mapped.rust)),
        }
    }

    /// The Rust path of a type that exists already.
    pub(crate) fn resolve(&self, type_name: &str) -> Option<String> {
        let (mapped, rest) = self.find(type_name)?;
        let Some((modules, name)) = rest.rsplit_once('.') else { return Some(mapped.rust.clone()) };
        let modules = modules.split('.').filter(|module| !module.is_empty()).map(module);
        let segments = std::iter::once(mapped.rust.clone()).chain(modules).chain([type_(name)]);
        Some(segments.collect::<Vec<_>>().join("::"))
    }

    /// What a message that exists elsewhere can, or nothing where it can what one that is generated here would.
    pub(crate) fn traits(&self, message: &str) -> Option<Derives> {
        let (mapped, _) = self.find(message)?;
        match longest(&self.traits, message) {
            Some((Traits::Generated, _)) => None,
            Some((Traits::Named(traits), _)) => Some(*traits),
            None => (!mapped.is_of_prost).then_some(Derives::NONE),
        }
    }

    /// Adds an error for everything that the user says of types that are generated, or that do not exist.
    pub(crate) fn check_traits(&self, set: &DescriptorSet, errors: &mut Errors) {
        if self.traits.is_empty() {
            return;
        }
        let names: Vec<String> = set.files.iter().flat_map(|file| uses::types(&file.proto)).collect();
        for proto in self.traits.keys() {
            let is_meant = |name: &String| {
                name.strip_prefix(&**proto).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                    && self.contains(name)
            };
            if !names.iter().any(is_meant) {
                let proto = if proto.is_empty() { ALL } else { proto };
                let message = format!("extern_traits `{proto}` matches no type that an extern_path maps");
                errors.push(Diagnostic::new(message).help("correct the proto path, or remove the option"));
            }
        }
    }

    /// The longest mapping that covers the name, and what it leaves over: `.sub.Type`, or nothing for an exact match.
    fn find<'a>(&self, proto: &'a str) -> Option<(&Extern, &'a str)> {
        let found = longest(&self.paths, proto)?;
        found.0.matched.store(true, Ordering::Relaxed);
        Some(found)
    }

    /// Adds an error for every mapping of the user that no type was found under.
    pub(crate) fn check_matched(&self, errors: &mut Errors) {
        for (proto, mapped) in self.paths.iter().filter(|(_, mapped)| !mapped.matched.load(Ordering::Relaxed)) {
            let proto = if proto.is_empty() { ALL } else { proto };
            let message = format!("extern_path `{proto}={}` matches no package and no type", mapped.rust);
            errors.push(Diagnostic::new(message).help("correct the proto path, or remove the option"));
        }
    }
}

/// How a path of the user's begins names: `.` begins all of them.
fn prefix(proto: &str) -> String {
    if proto == ALL { String::new() } else { proto.to_owned() }
}

/// What is said of the longest path that covers a name, and what the path leaves over.
fn longest<'m, 'n, T>(paths: &'m BTreeMap<String, T>, name: &'n str) -> Option<(&'m T, &'n str)> {
    let mut ends = std::iter::once(name.len()).chain(name.rmatch_indices('.').map(|(dot, _)| dot));
    ends.find_map(|end| Some((paths.get(&name[..end])?, &name[end..])))
}

/// The path of prost-types that belongs to the chosen prost.
pub(crate) fn prost_types_path(options: &Options) -> String {
    format!("{}_types", options.prost_path)
}

/// A Rust type, as it is spelled in source: `super::User`, `()`.
#[derive(Debug, Clone)]
pub(crate) struct RustType(String);

impl RustType {
    /// A type by its whole path, which the user gave the start of.
    pub(crate) fn absolute(path: &str) -> Self {
        Self(path.to_owned())
    }
}

impl RustType {
    /// Its name without the path to it: `User`.
    pub(crate) fn name(&self) -> &str {
        self.0.rsplit("::").next().unwrap_or(&self.0)
    }
}

impl ToTokens for RustType {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self.0.parse::<TokenStream>() {
            Ok(path) => tokens.extend(path),
            Err(error) => panic!("rgrpc-codegen bug: type `{}`: {error}", self.0),
        }
    }
}

/// A type, as the module directly below the one of a package names it: `super::User`.
pub(crate) fn service_type(decided: &Decisions<'_>, full_name: &str, package: &str) -> RustType {
    let path = decided.externs.resolve(full_name).unwrap_or_else(|| {
        let path = relative(&parts(package), &segments(decided, full_name));
        format!("super::{path}")
    });
    RustType(path)
}

/// A type of a package as the module of the package names it: `user::Address`.
pub(crate) fn package_type(segments: &[&str], package: &str) -> RustType {
    RustType(relative(&parts(package), segments))
}

/// A type as the module that mounts all packages names it: `user::v1::user::Address`.
pub(crate) fn in_tree(segments: &[&str]) -> String {
    relative(&[], segments)
}

/// A type as a module names it, both by the parts of their names: `super::v1::User`.
pub(crate) fn relative(from: &[&str], to: &[&str]) -> String {
    let Some((name, modules)) = to.split_last() else { return String::new() };
    let shared = from.iter().zip(modules).take_while(|(from, to)| from == to).count();
    let mut path = "super::".repeat(from.len() - shared);
    for part in &modules[shared..] {
        path += &module(part);
        path += "::";
    }
    path + &type_(name)
}

/// The parts of a package.
pub(crate) fn parts(package: &str) -> Vec<&str> {
    package.split('.').filter(|part| !part.is_empty()).collect()
}

fn segments<'d>(decided: &'d Decisions<'_>, full_name: &str) -> Vec<&'d str> {
    decided.schema.resolve(full_name).map(|symbol| decided.names.segments(symbol)).unwrap_or_default()
}

fn module(name: &str) -> String {
    Name::new(&names::snake(name)).to_string()
}

fn type_(name: &str) -> String {
    Name::new(&names::upper_camel(name)).to_string()
}
