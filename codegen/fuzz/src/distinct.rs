//! The claim about generated files: they are Rust, and the names in each scope and the Cargo features are distinct.

use std::collections::{BTreeMap, BTreeSet};

use prost_types::compiler::code_generator_response::File;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Fields, ImplItem, Item, ItemMod, LitStr, Token, TraitItem};

type Files<'a> = BTreeMap<&'a str, syn::File>;

/// Checks generated files.
///
/// # Panics
/// Panics if the claim does not hold.
pub fn check(files: &[File]) {
    let (features, files): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| file.name().strip_suffix(".toml").is_some());
    for file in features {
        distinct_features(file.content());
    }
    let mut parsed = Files::new();
    for file in &files {
        let (name, content) = (file.name(), file.content());
        let is_file_name = !name.contains(['/', '\\', ':', '"']) && !name.contains(char::is_control);
        assert!(is_file_name && name.strip_suffix(".rs").is_some(), "{name:?} is no file name");
        assert!(!content.contains(reorders), "{name} contains a character that rustc denies");
        let items = syn::parse_file(content).unwrap_or_else(|error| panic!("{name}: {error}\n{content}"));
        assert!(parsed.insert(name, items).is_none(), "two files are {name:?}");
    }
    // The first file is the module tree, which includes all others.
    let Some(root) = files.first() else { return };
    let mut included = BTreeSet::new();
    scope(&parsed[root.name()].items.iter().collect::<Vec<_>>(), &parsed, &mut included);
    assert_eq!(included.len(), files.len() - 1, "a file is not in the module tree");
}

fn distinct_features(text: &str) {
    let names = text.lines().filter_map(|line| Some(line.split_once(" = [")?.0));
    let mut seen = BTreeSet::new();
    names.for_each(|name| assert!(seen.insert(name), "feature {name} is there twice"));
    assert!(seen.contains("full"), "{text}");
}

fn reorders(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn scope<'a>(items: &[&'a Item], files: &'a Files<'_>, included: &mut BTreeSet<String>) {
    let items: Vec<&Item> = items.iter().flat_map(|item| spliced(item, files, included)).collect();
    let (mut types, mut values) = (Names::default(), Names::default());
    for item in items {
        match item {
            Item::Struct(item) => {
                types.add(&item.ident);
                members(&item.fields);
            }
            Item::Enum(item) => {
                types.add(&item.ident);
                let mut variants = Names::default();
                item.variants.iter().for_each(|variant| variants.add(&variant.ident));
            }
            Item::Trait(item) => {
                types.add(&item.ident);
                let mut functions = Names::default();
                for item in &item.items {
                    if let TraitItem::Fn(function) = item {
                        functions.add(&function.sig.ident);
                    }
                }
            }
            Item::Impl(item) => {
                let mut functions = Names::default();
                for item in &item.items {
                    if let ImplItem::Fn(function) = item {
                        functions.add(&function.sig.ident);
                    }
                }
            }
            Item::Type(item) => types.add(&item.ident),
            Item::Mod(item) => {
                types.add(&item.ident);
                scope(&content(item).iter().collect::<Vec<_>>(), files, included);
            }
            Item::Const(item) if item.ident != "_" => values.add(&item.ident),
            Item::Fn(item) => values.add(&item.sig.ident),
            _ => {}
        }
    }
}

/// The item itself, or for an `include!` the items of the included file.
fn spliced<'a>(item: &'a Item, files: &'a Files<'_>, included: &mut BTreeSet<String>) -> Vec<&'a Item> {
    let Item::Macro(call) = item else { return vec![item] };
    if call.mac.path.segments.last().is_none_or(|name| name.ident != "include") {
        return vec![item];
    }
    // A long file name is on a line of its own, followed by a comma.
    let names = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(call.mac.tokens.clone());
    let file = names.expect("the name of a file")[0].value();
    assert!(included.insert(file.clone()), "{file} is included twice");
    files[&*file].items.iter().collect()
}

fn content(module: &ItemMod) -> &[Item] {
    module.content.as_ref().map_or(&[], |(_, items)| items)
}

fn members(fields: &Fields) {
    let mut names = Names::default();
    fields.iter().filter_map(|field| field.ident.as_ref()).for_each(|name| names.add(name));
}

#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn add(&mut self, name: &syn::Ident) {
        assert!(self.0.insert(name.to_string()), "{name} is there twice");
    }
}
