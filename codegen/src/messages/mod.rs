//! Message and enum descriptors in, Rust out, by way of prost-build.

mod held;
mod layout;
mod lines;
mod lowering;
mod page;
pub(crate) mod shape;
mod unbroken;
mod walk;

use std::collections::BTreeSet;

use prost_build::{Config, Module};
use syn::Item;

use crate::deprecated::Deprecated;
use crate::elements::{self, Element, ElementKind};
use crate::full_name::last_part;
use crate::input::DescriptorSet;
use crate::options::{Options, RuleKind, Rules};
use crate::paths::{ExternPaths, prost_types_path};

use held::Declared;
pub(crate) use lowering::{Lowered, check_editions, features, json_descriptor, limits};

/// What the messages of a run are made from.
pub(crate) struct Messages<'a> {
    set: &'a DescriptorSet,
    lowered: &'a Lowered,
    declared: Declared<'a>,
    options: &'a Options,
    externs: &'a ExternPaths,
    deprecated: &'a Deprecated,
}

/// The files as prost-build understands them.
pub(crate) fn lower(set: &DescriptorSet, options: &Options) -> Lowered {
    let protos: Vec<_> = set.files.iter().map(|file| &file.proto).collect();
    lowering::lower(&protos, options)
}

/// How many files prost-build is given at once: it looks through all messages that it knows for every field.
const AT_ONCE: usize = 64;

impl<'a> Messages<'a> {
    pub(crate) fn new(
        set: &'a DescriptorSet,
        lowered: &'a Lowered,
        options: &'a Options,
        externs: &'a ExternPaths,
        deprecated: &'a Deprecated,
    ) -> Self {
        Self { set, lowered, declared: Declared::new(&lowered.files), options, externs, deprecated }
    }

    /// The text of each file, with its comments.
    pub(crate) fn text(&self, files: &[usize]) -> impl Iterator<Item = String> {
        self.bare_text(files).map(|(file, text)| {
            let (proto, lowered) = (&self.set.files[file].proto, &self.lowered.files[file]);
            walk::complete(&text, proto, lowered, &self.options.rules, self.externs, self.deprecated)
        })
    }

    /// The items of each file, as prost emitted them.
    pub(crate) fn items(&self, files: &[usize]) -> impl Iterator<Item = (usize, Vec<Item>)> {
        self.bare_text(files).map(|(file, text)| (file, parse(&text, self.set.files[file].proto.name())))
    }

    /// The text of each file, as prost emitted it.
    fn bare_text(&self, files: &[usize]) -> impl Iterator<Item = (usize, String)> {
        files.chunks(AT_ONCE).flat_map(|files| self.generate(files))
    }

    /// Hands `files` to prost-build.
    fn generate(&self, files: &[usize]) -> Vec<(usize, String)> {
        if self.externs.contain_all() {
            return files.iter().map(|&file| (file, String::new())).collect();
        }
        let mut config = config(self.options, self.externs, self.lowered);
        choose_types(&mut config, self.set, self.lowered, files, &self.options.rules);
        // Each file is a module of its own, so that its items can be told apart; paths between types come from packages.
        let module = |file: usize| Module::from_parts([file.to_string()]);
        let whole = files.iter().map(|&file| (module(file), self.lowered.files[file].clone()));
        let others = self.declared.held_by(files, &self.lowered.files);
        let requests = whole.chain(others.into_iter().map(|other| (Module::from_parts(["others"]), other))).collect();
        let mut generated = config.generate(requests).unwrap_or_else(|error| panic!("rgrpc-codegen bug: {error}"));
        files.iter().map(|&file| (file, generated.remove(&module(file)).unwrap_or_default())).collect()
    }
}

fn config(options: &Options, externs: &ExternPaths, lowered: &Lowered) -> Config {
    let mut config = Config::new();
    config.prost_types_path(prost_types_path(options));
    // Under its own name, prost needs no attribute on every type to be found.
    if options.prost_path != "::prost" {
        config.prost_path(&options.prost_path);
    }
    if options.retain_enum_prefix {
        config.retain_enum_prefix();
    }
    // Its own table of well-known types is switched off: `externs` holds them already.
    config.compile_well_known_types();
    for (proto, rust) in externs.iter() {
        config.extern_path(lowered.name_of(proto), rust);
    }
    config
}

/// Tells prost which fields to box, and which types to use for fields of `bytes` and maps.
fn choose_types(config: &mut Config, set: &DescriptorSet, lowered: &Lowered, files: &[usize], rules: &Rules) {
    let kinds = [RuleKind::Bytes, RuleKind::BtreeMap, RuleKind::Boxed];
    let given = kinds.iter().any(|&kind| !rules.of(kind).is_empty());
    let files = files.iter().filter(|_| given).flat_map(|&file| elements::of(&set.files[file].proto));
    let members = files.filter(|element| matches!(element.kind, ElementKind::Field(_) | ElementKind::Oneof));
    let members: Vec<Element> = members.collect();
    let [bytes, maps, boxed] = kinds.map(|kind| lowered_paths(rules, kind, &members, lowered));
    config.bytes(bytes);
    config.btree_map(maps);
    for path in lowered.boxed.iter().chain(&boxed) {
        config.boxed(path);
    }
}

/// The paths of an option as prost has to be told them.
///
/// A package or a message is told by its name. A field is told by every name it has, because prost looks for a member
/// of a oneof below its message or below its oneof, depending on the option.
fn lowered_paths(rules: &Rules, kind: RuleKind, members: &[Element], lowered: &Lowered) -> Vec<String> {
    let mut paths = BTreeSet::new();
    for rule in rules.of(kind) {
        let is_member = members.iter().any(|member| member.names().contains(&&*rule.path));
        if rule.path.starts_with('.') && !is_member {
            paths.insert(lowered.name_of(&rule.path));
        } else {
            for member in members.iter().filter(|member| rule.selects(&member.names())) {
                let name = lowered.name_of(&member.name);
                let oneof = member.also.as_ref().and_then(|also| also.rsplit_once('.')).map(|(oneof, _)| oneof);
                paths.extend(oneof.map(|oneof| format!("{}.{}", lowered.name_of(oneof), last_part(&name))));
                paths.insert(name);
            }
        }
    }
    paths.into_iter().collect()
}

fn parse(text: &str, file: &str) -> Vec<Item> {
    match syn::parse_file(text) {
        Ok(parsed) => parsed.items,
        Err(error) => panic!("rgrpc-codegen bug: {file}: {error}\n{}", crate::render::numbered(text)),
    }
}
