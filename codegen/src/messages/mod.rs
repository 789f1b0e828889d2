//! Message and enum descriptors in, Rust out, by way of prost-build.

mod imports;
mod layout;
mod lines;
mod lowering;
mod page;
pub(crate) mod shape;
mod unbroken;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use prost_build::{Config, Module};
use syn::Item;

use crate::deprecated::Deprecated;
use crate::elements::{self, Element, ElementKind};
use crate::full_name::last_part;
use crate::input::DescriptorSet;
use crate::options::{Options, RuleKind, Rules};
use crate::parallel;
use crate::paths::{ExternPaths, prost_types_path};

use imports::Declared;
pub(crate) use lowering::{Lowered, check_editions, features, json_descriptor, limits};

/// The messages of a run, as prost-build emitted them.
pub(crate) struct Messages<'a> {
    set: &'a DescriptorSet,
    externs: &'a ExternPaths,
    lowered: &'a Lowered,
    deprecated: &'a Deprecated,
    rules: &'a Rules,
    /// The text of the files to generate, by index.
    text: BTreeMap<usize, String>,
}

/// The files as prost-build understands them.
pub(crate) fn lower(set: &DescriptorSet, options: &Options) -> Lowered {
    let protos: Vec<_> = set.files.iter().map(|file| &file.proto).collect();
    lowering::lower(&protos, options)
}

/// How many files prost-build is given at once: it looks through all messages that it knows for every field.
const AT_ONCE: usize = 64;

/// Hands `files` to prost-build.
pub(crate) fn generate<'a>(
    set: &'a DescriptorSet,
    lowered: &'a Lowered,
    files: &BTreeSet<usize>,
    options: &'a Options,
    externs: &'a ExternPaths,
    deprecated: &'a Deprecated,
) -> Messages<'a> {
    if externs.contain_all() {
        let text = files.iter().map(|&file| (file, String::new())).collect();
        return Messages { set, externs, lowered, deprecated, rules: &options.rules, text };
    }
    let declared = Declared::new(&lowered.files);
    let files: Vec<usize> = files.iter().copied().collect();
    let parts: Vec<BTreeSet<usize>> = files.chunks(AT_ONCE).map(|files| files.iter().copied().collect()).collect();
    let texts = parallel::map(&parts, |files| {
        let mut config = config(options, externs, lowered);
        choose_types(&mut config, set, lowered, files, &options.rules);
        // Each file is a module of its own, so that its items can be told apart; paths between types come from packages.
        let module = |file: usize| Module::from_parts([file.to_string()]);
        let whole = files.iter().map(|&file| (module(file), lowered.files[file].clone()));
        let others = declared.held_by(files, &lowered.files);
        let requests = whole.chain(others.into_iter().map(|other| (Module::from_parts(["others"]), other))).collect();
        let mut generated = config.generate(requests).unwrap_or_else(|error| panic!("rgrpc-codegen bug: {error}"));
        files.iter().map(|&file| (file, generated.remove(&module(file)).unwrap_or_default())).collect::<Vec<_>>()
    });
    let text = texts.into_iter().flatten().collect();
    Messages { set, externs, lowered, deprecated, rules: &options.rules, text }
}

impl Messages<'_> {
    /// The items of one file, as prost emitted them.
    pub(crate) fn items(&self, file: usize) -> Vec<Item> {
        parse(&self.text[&file], self.set.files[file].proto.name())
    }

    /// The text of one file, with its comments.
    pub(crate) fn text(&self, file: usize) -> String {
        let (proto, lowered) = (&self.set.files[file].proto, &self.lowered.files[file]);
        walk::complete(&self.text[&file], proto, lowered, self.rules, self.externs, self.deprecated)
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
fn choose_types(config: &mut Config, set: &DescriptorSet, lowered: &Lowered, files: &BTreeSet<usize>, rules: &Rules) {
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
