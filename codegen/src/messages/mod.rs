//! Message and enum descriptors in, Rust items out, by way of prost-build.

mod attributes;
mod lowering;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use prost_build::{Config, Module};
use syn::Item;

use crate::deprecated::Deprecated;
use crate::input::DescriptorSet;
use crate::options::Options;
use crate::paths::{ExternPaths, prost_types_path};

pub(crate) use lowering::{Lowered, check_editions, json_descriptor, limits};

/// The messages of a run, as prost-build emitted them.
pub(crate) struct Messages<'a> {
    set: &'a DescriptorSet,
    externs: &'a ExternPaths,
    lowered: &'a Lowered,
    deprecated: &'a Deprecated,
    /// The text of the files to generate, by index.
    text: BTreeMap<usize, String>,
}

/// The files as prost-build understands them.
pub(crate) fn lower(set: &DescriptorSet, options: &Options) -> Lowered {
    let protos: Vec<_> = set.files.iter().map(|file| &file.proto).collect();
    lowering::lower(&protos, &options.renames)
}

/// Hands the whole set to prost-build and keeps what it makes of `files`.
///
/// Files that are only imported take part too, because prost looks for cycles through them.
pub(crate) fn generate<'a>(
    set: &'a DescriptorSet,
    lowered: &'a Lowered,
    files: &BTreeSet<usize>,
    options: &Options,
    externs: &'a ExternPaths,
    deprecated: &'a Deprecated,
) -> Messages<'a> {
    let mut config = config(options, externs, lowered);
    for path in &lowered.boxed {
        config.boxed(path);
    }
    // Each file is a module of its own, so that its items can be told apart; paths between types come from packages.
    let module = |file: usize| Module::from_parts([file.to_string()]);
    let requests = lowered.files.iter().cloned().enumerate().map(|(file, proto)| (module(file), proto)).collect();
    let mut generated = config.generate(requests).unwrap_or_else(|error| panic!("rgrpc-codegen bug: {error}"));
    let text = files.iter().map(|&file| (file, generated.remove(&module(file)).unwrap_or_default())).collect();
    Messages { set, externs, lowered, deprecated, text }
}

impl Messages<'_> {
    /// The items of one file, with its comments.
    pub(crate) fn items(&self, file: usize) -> Vec<Item> {
        let proto = &self.set.files[file].proto;
        let mut items = parse(&self.text[&file], proto.name());
        walk::complete(&mut items, proto, &self.lowered.files[file], self.externs, self.deprecated);
        items
    }
}

fn config(options: &Options, externs: &ExternPaths, lowered: &Lowered) -> Config {
    let mut config = Config::new();
    config.prost_types_path(prost_types_path(options));
    // Under its own name, prost needs no attribute on every type to be found.
    if options.prost_path != "::prost" {
        config.prost_path(&options.prost_path);
    }
    // Its own table of well-known types is switched off: `externs` holds them already.
    config.compile_well_known_types();
    for (proto, rust) in externs.iter() {
        config.extern_path(lowered.name_of(proto), rust);
    }
    config
}

fn parse(text: &str, file: &str) -> Vec<Item> {
    match syn::parse_file(text) {
        Ok(parsed) => parsed.items,
        Err(error) => panic!("rgrpc-codegen bug: {file}: {error}\n{}", crate::render::numbered(text)),
    }
}
