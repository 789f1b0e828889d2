//! What a user can choose: one struct, and one table from which every door takes the names.

use std::collections::{BTreeMap, BTreeSet};

use crate::errors::{Diagnostic, Errors};

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
    /// Embed each package's files, and all they import, as a serialized `FileDescriptorSet`. Default: false.
    pub descriptor_set: bool,
    /// Implement `Serialize` and `Deserialize` for messages, as protobuf's JSON. Default: false.
    pub json: bool,
    /// Generate `google.protobuf` like any other package instead of using `prost_types`. Default: false.
    pub compile_well_known_types: bool,
    /// Proto path (`.common.v1` or `.common.v1.Money`) and the Rust path of the types that exist there already.
    pub extern_paths: Vec<(String, String)>,
    /// Full proto name (`.user.v1.UserService.GetUser`) and the name from which its Rust name is made instead.
    pub renames: BTreeMap<String, String>,
    /// What to make of extensions, closed enums and the like, which prost does not keep. Default: warn.
    pub limits: Limits,
    /// Name of the file that mounts the module tree. Default: `mod.rs`.
    pub include_file: String,
    /// Rust path of the prost crate that the messages name. Default: `::rgrpc::prost`.
    pub prost_path: String,
    /// `name=value` of every option that was set to something else than its default.
    chosen: BTreeSet<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            client: true,
            server: true,
            default_methods: false,
            descriptor_set: false,
            json: false,
            compile_well_known_types: false,
            extern_paths: Vec::new(),
            renames: BTreeMap::new(),
            limits: Limits::Warn,
            include_file: "mod.rs".to_owned(),
            prost_path: "::rgrpc::prost".to_owned(),
            chosen: BTreeSet::new(),
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

/// A row of the option table.
#[derive(Debug)]
pub struct OptionSpec {
    /// The option's name, the same through every door.
    pub name: &'static str,
    /// What stands after `=`.
    pub value: &'static str,
    /// One sentence for `--help` and the README.
    pub help: &'static str,
    set: fn(&mut Options, &str) -> Result<(), String>,
}

/// Every option there is.
pub const OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        name: "client",
        value: "<bool>",
        help: "Generate clients (default true).",
        set: |options, value| set_bool(&mut options.client, value),
    },
    OptionSpec {
        name: "server",
        value: "<bool>",
        help: "Generate servers (default true).",
        set: |options, value| set_bool(&mut options.server, value),
    },
    OptionSpec {
        name: "default_methods",
        value: "<bool>",
        help: "Give server methods a body that answers UNIMPLEMENTED (default false).",
        set: |options, value| set_bool(&mut options.default_methods, value),
    },
    OptionSpec {
        name: "descriptor_set",
        value: "<bool>",
        help: "Embed the descriptors of each package as `FILE_DESCRIPTOR_SET`, for reflection (default false).",
        set: |options, value| set_bool(&mut options.descriptor_set, value),
    },
    OptionSpec {
        name: "json",
        value: "<bool>",
        help: "Implement serde's traits for messages as protobuf's JSON; needs rgrpc's feature `json` (default false).",
        set: |options, value| set_bool(&mut options.json, value),
    },
    OptionSpec {
        name: "compile_well_known_types",
        value: "<bool>",
        help: "Generate `google.protobuf` instead of using `prost_types` (default false).",
        set: |options, value| set_bool(&mut options.compile_well_known_types, value),
    },
    OptionSpec {
        name: "extern_path",
        value: "<proto>=<rust>",
        help: "Use the Rust types at a path for a package or type, such as `.common.v1=::common::v1`; repeatable.",
        set: add_extern_path,
    },
    OptionSpec {
        name: "rename",
        value: "<proto>=<name>",
        help: "Pin the Rust name of a service, method, message, field, oneof, enum or value; repeatable.",
        set: add_rename,
    },
    OptionSpec {
        name: "limits",
        value: "<level>",
        help: "Make of what prost cannot keep of a schema nothing (`allow`), warnings (`warn`, default) or errors (`deny`).",
        set: set_limits,
    },
    OptionSpec {
        name: "include_file",
        value: "<name>",
        help: "Name the file that mounts the module tree (default `mod.rs`).",
        set: set_include_file,
    },
    OptionSpec {
        name: "prost_path",
        value: "<rust>",
        help: "Name prost by another path in messages (default `::rgrpc::prost`).",
        set: set_prost_path,
    },
];

impl Options {
    /// Sets one option of [`OPTIONS`] by name; an absent value means `true`.
    ///
    /// # Errors
    /// Fails if there is no such option or it does not take that value.
    ///
    /// ```
    /// let mut options = rgrpc_codegen::Options::default();
    /// options.set("extern_path", Some(".common.v1=::common::v1"))?;
    /// assert!(options.set("cleint", Some("false")).is_err());
    /// # Ok::<_, rgrpc_codegen::Diagnostic>(())
    /// ```
    pub fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), Diagnostic> {
        let Some(spec) = OPTIONS.iter().find(|spec| spec.name == name) else {
            let names: Vec<_> = OPTIONS.iter().map(|spec| spec.name).collect();
            return Err(Diagnostic::new(format!("unknown option `{name}`"))
                .help(format!("the options are {}", names.join(", "))));
        };
        let refuse = |reason: String| {
            Diagnostic::new(match value {
                Some(value) => format!("invalid option `{name}={value}`: {reason}"),
                None => format!("option `{name}` has no value"),
            })
            .help(format!("write {name}={}", spec.value))
        };
        let value = value.or((spec.value == "<bool>").then_some("true"));
        value.map_or(Err(String::new()), |value| (spec.set)(self, value)).map_err(refuse)?;
        self.remember(spec, value.unwrap_or_default());
        Ok(())
    }

    fn remember(&mut self, spec: &OptionSpec, value: &str) {
        let mut alone = Self::default();
        if (spec.set)(&mut alone, value).is_ok() && alone != Self::default() {
            self.chosen.insert(format!("{}={value}", spec.name));
        }
    }

    /// `name=value` of every option that was [`set`](Self::set) to something else than its default, sorted.
    pub(crate) fn chosen(&self) -> impl Iterator<Item = &str> {
        self.chosen.iter().map(String::as_str)
    }

    /// Reads a plugin parameter: `name=value` pairs with commas between them; `\,` stands for a comma in a value.
    ///
    /// # Errors
    /// Fails with every pair that [`Options::set`] refuses.
    pub fn parse(parameter: &str) -> Result<Self, Errors> {
        let mut options = Self::default();
        let mut errors = Errors::default();
        for pair in split_unescaped(parameter) {
            let (name, value) = match pair.split_once('=') {
                Some((name, value)) => (name.trim(), Some(value.trim())),
                None => (pair.trim(), None),
            };
            if name.is_empty() && value.is_none() {
                continue;
            }
            if let Err(error) = options.set(name, value) {
                errors.push(error);
            }
        }
        errors.finish()?;
        Ok(options)
    }
}

fn split_unescaped(parameter: &str) -> Vec<String> {
    let mut pairs = vec![String::new()];
    let mut chars = parameter.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next_if_eq(&',').is_some() => pairs.last_mut().expect("never empty").push(','),
            ',' => pairs.push(String::new()),
            c => pairs.last_mut().expect("never empty").push(c),
        }
    }
    pairs
}

fn set_bool(target: &mut bool, value: &str) -> Result<(), String> {
    *target = value.parse().map_err(|_| "expected `true` or `false`".to_owned())?;
    Ok(())
}

fn add_extern_path(options: &mut Options, value: &str) -> Result<(), String> {
    let (proto, rust) = value.split_once('=').ok_or("the Rust path is missing")?;
    let proto = proto_path(proto)?;
    if let Some((_, other)) = options.extern_paths.iter().find(|(known, _)| *known == proto) {
        return Err(format!("`{proto}` is already mapped to `{other}`"));
    }
    options.extern_paths.push((proto, absolute_path(rust)?));
    Ok(())
}

fn add_rename(options: &mut Options, value: &str) -> Result<(), String> {
    let (proto, name) = value.split_once('=').ok_or("the name is missing")?;
    let proto = proto_path(proto)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(is_name) {
        return Err(format!("`{name}` is not a name of letters, digits and underscores"));
    }
    if let Some(other) = options.renames.get(&proto) {
        return Err(format!("`{proto}` is already named `{other}`"));
    }
    options.renames.insert(proto, name.to_owned());
    Ok(())
}

/// `.user.v1.User`, whether or not the dot in front is written.
fn proto_path(path: &str) -> Result<String, String> {
    let path = if path.starts_with('.') { path.to_owned() } else { format!(".{path}") };
    if path.split('.').skip(1).any(|part| part.is_empty() || part.contains(char::is_whitespace)) {
        return Err(format!("`{path}` is not the full name of anything"));
    }
    Ok(path)
}

/// A path that means the same in every module, and to which names can be added: `::` or `crate`, then names only.
fn absolute_path(path: &str) -> Result<String, String> {
    let (root, names) = match path.split_once("::") {
        Some((root @ ("" | "crate"), names)) => (root, names),
        _ if path == "crate" => return Ok(path.to_owned()),
        _ => ("", path),
    };
    let is_name = |name: &str| syn::parse_str::<syn::Ident>(name).is_ok_and(|ident| ident == name);
    if names.split("::").all(is_name) {
        return Ok(format!("{root}::{names}"));
    }
    match path.split("::").next() {
        Some("self" | "super" | "Self") => Err(format!("`{path}` depends on where it stands")),
        _ => Err(format!("`{path}` is not a list of Rust names with `::` between")),
    }
}

fn set_prost_path(options: &mut Options, value: &str) -> Result<(), String> {
    options.prost_path = match absolute_path(value)? {
        root if root == "crate" => {
            return Err("prost_types has to stand beside it, which a crate's root cannot".to_owned());
        }
        path => path,
    };
    Ok(())
}

fn set_limits(options: &mut Options, value: &str) -> Result<(), String> {
    options.limits = match value {
        "allow" => Limits::Allow,
        "warn" => Limits::Warn,
        "deny" => Limits::Deny,
        _ => return Err("expected `allow`, `warn` or `deny`".to_owned()),
    };
    Ok(())
}

fn set_include_file(options: &mut Options, value: &str) -> Result<(), String> {
    let is_file_name = !value.contains(['/', '\\', ':', '"'])
        && !value.contains(char::is_control)
        && value.strip_suffix(".rs").is_some_and(|stem| !stem.is_empty());
    if !is_file_name {
        return Err("expected a file name that ends in `.rs`".to_owned());
    }
    value.clone_into(&mut options.include_file);
    Ok(())
}
