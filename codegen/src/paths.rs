//! Where types live: a proto type name goes in, the Rust path that a service module uses comes out.

use std::collections::BTreeMap;

use rgrpc_schema::schema::{Schema, Symbol};

use crate::model::Derives;
use crate::options::{Options, Traits};
use crate::rust_type::{module, type_};

/// Proto paths that map to Rust types which exist already.
#[derive(Debug)]
pub(crate) struct ExternPaths {
    /// `.google.protobuf.Timestamp`, a package or nothing, which is all types, with its Rust path.
    paths: BTreeMap<String, Extern>,
    /// How all of these begin, which most names do not.
    start: String,
    /// The user's option for the types of a path.
    traits: BTreeMap<String, Traits>,
    /// The packages below that of the well-known types which prost-types does not have.
    not_of_prost: Vec<String>,
}

#[derive(Debug)]
struct Extern {
    rust: String,
    /// The module of what is nested in the type, if it is one.
    module: String,
    /// Whether the user maps it.
    is_of_user: bool,
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
    pub(crate) fn new(schema: &Schema<'_>, options: &Options) -> Self {
        let mut paths = BTreeMap::new();
        let mut insert = |proto: String, rust: String, is_of_user: bool| {
            let is_of_prost =
                !is_of_user || proto.starts_with(WELL_KNOWN) && rust.split("::").any(|name| name == "prost_types");
            let module =
                if let Some(Symbol::Message(_)) = schema.resolve(&proto) { beside(&rust) } else { rust.clone() };
            paths.entry(proto).or_insert(Extern { rust, module, is_of_user, is_of_prost });
        };
        for (proto, rust) in &options.extern_path {
            insert(prefix(proto), rust.clone(), true);
        }
        let mapped = options.extern_path.contains_key(WELL_KNOWN);
        if !options.compile_well_known_types && !mapped {
            let prost = &options.prost_path;
            insert(WELL_KNOWN.to_owned(), prost_types_path(options), false);
            insert(format!("{WELL_KNOWN}.BytesValue"), format!("{prost}::alloc::vec::Vec<u8>"), false);
            insert(format!("{WELL_KNOWN}.StringValue"), format!("{prost}::alloc::string::String"), false);
            for (name, rust) in SCALARS {
                insert(format!("{WELL_KNOWN}.{name}"), (*rust).to_owned(), false);
            }
        }
        let traits = options.extern_traits.iter().map(|(proto, traits)| (prefix(proto), *traits));
        let packages = schema.files.iter().map(|file| file.descriptor.package());
        let below = packages.filter(|package| package.starts_with("google.protobuf."));
        let not_of_prost =
            below.filter(|package| *package != "google.protobuf.compiler").map(|name| format!(".{name}"));
        Self { start: common_start(&paths), paths, traits: traits.collect(), not_of_prost: not_of_prost.collect() }
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

    /// Whether the mapping that covers a type is one of the user.
    pub(crate) fn is_of_user(&self, proto: &str) -> bool {
        self.find(proto).is_some_and(|(mapped, _)| mapped.is_of_user)
    }

    /// The Rust path of a type that exists already.
    pub(crate) fn resolve(&self, type_name: &str) -> Option<String> {
        let (mapped, rest) = self.find(type_name)?;
        let Some((modules, name)) = rest.rsplit_once('.') else { return Some(mapped.rust.clone()) };
        let modules = modules.split('.').filter(|module| !module.is_empty()).map(module);
        let segments = std::iter::once(mapped.module.clone()).chain(modules).chain([type_(name)]);
        Some(segments.collect::<Vec<_>>().join("::"))
    }

    /// The traits of a message that exists elsewhere, or nothing where they are those of a generated one.
    pub(crate) fn traits(&self, message: &str) -> Option<Derives> {
        let (mapped, _) = self.find(message)?;
        match longest(message, |path| self.traits.get(path)) {
            Some((Traits::Generated, _)) => None,
            Some((Traits::Named(traits), _)) => Some(*traits),
            None => (!mapped.is_of_prost).then_some(Derives::NONE),
        }
    }

    /// The mappings of the user, as proto and Rust path.
    pub(crate) fn of_user(&self) -> impl Iterator<Item = (&str, &str)> {
        self.paths.iter().filter(|(_, mapped)| mapped.is_of_user).map(|(proto, mapped)| (&**proto, &*mapped.rust))
    }

    /// The proto path of the mapping that covers a name.
    pub(crate) fn covering<'a>(&self, name: &'a str) -> Option<&'a str> {
        self.find(name).map(|(_, rest)| &name[..name.len() - rest.len()])
    }

    /// The proto paths of which the user says what their types can.
    pub(crate) fn with_traits(&self) -> impl Iterator<Item = &str> {
        self.traits.keys().map(String::as_str)
    }

    /// The longest mapping that covers the name, and what it leaves over: `.sub.Type`, or nothing for an exact match.
    fn find<'a>(&self, proto: &'a str) -> Option<(&Extern, &'a str)> {
        if !proto.starts_with(&self.start) {
            return None;
        }
        let is_of_prost = || {
            let is_in = |package: &String| {
                proto.strip_prefix(&**package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            !self.not_of_prost.iter().any(is_in)
        };
        longest(proto, |path| self.paths.get(path).filter(|mapped| mapped.is_of_user || is_of_prost()))
    }
}

/// How all paths begin.
fn common_start<T>(paths: &BTreeMap<String, T>) -> String {
    let (Some((first, _)), Some((last, _))) = (paths.first_key_value(), paths.last_key_value()) else {
        return String::new();
    };
    // They are sorted: what the first and the last share, all do.
    first.chars().zip(last.chars()).take_while(|(a, b)| a == b).map(|(shared, _)| shared).collect()
}

/// How a path of the user's begins names: `.` begins all of them.
fn prefix(proto: &str) -> String {
    if proto == ALL { String::new() } else { proto.to_owned() }
}

/// The entry of the longest path that covers a name, and the rest of the name.
fn longest<T>(name: &str, said: impl Fn(&str) -> Option<T>) -> Option<(T, &str)> {
    let mut ends = std::iter::once(name.len()).chain(name.rmatch_indices('.').map(|(dot, _)| dot));
    ends.find_map(|end| Some((said(&name[..end])?, &name[end..])))
}

/// The module of what is nested in a type, as prost puts it beside the type: `::api::user` of `::api::User`.
fn beside(rust: &str) -> String {
    let (scope, name) = rust.rsplit_once("::").unwrap_or(("", rust));
    format!("{scope}::{}", module(name.trim_start_matches("r#")))
}

/// The path of prost-types that belongs to the chosen prost.
pub(crate) fn prost_types_path(options: &Options) -> String {
    format!("{}_types", options.prost_path)
}
