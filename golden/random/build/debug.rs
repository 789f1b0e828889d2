//! Writes the implementations of `Debug` that an option left out of generated code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use proc_macro2::TokenTree;
use syn::{Attribute, Item, Type};

/// Returns the implementations, with the names of the types in the module of the package.
pub fn by_hand(code: &str) -> String {
    let file = syn::parse_file(code).unwrap_or_else(|error| panic!("{error}: {code}"));
    let mut text = String::new();
    add(&file.items, "", &mut text);
    text
}

fn add(items: &[Item], path: &str, text: &mut String) {
    let implemented: BTreeSet<String> = items.iter().filter_map(debug_of).collect();
    let by_macro: BTreeMap<String, bool> = items.iter().filter_map(shown_by_macro).collect();
    for item in items {
        let (ident, attributes) = match item {
            Item::Struct(item) => (&item.ident, &item.attrs),
            Item::Enum(item) => (&item.ident, &item.attrs),
            Item::Mod(item) => {
                let content = item.content.iter().flat_map(|(_, items)| items).cloned().collect::<Vec<_>>();
                add(&content, &format!("{path}{}::", item.ident), text);
                continue;
            }
            _ => continue,
        };
        let name = ident.to_string();
        let is_derived = ["Message", "Oneof", "Enumeration"].iter().any(|name| derives(attributes, name));
        let has_none = is_derived && !has_own(attributes) || by_macro.get(&name) == Some(&false);
        if has_none && !derives(attributes, "Debug") && !implemented.contains(&name) {
            let _ = write!(
                text,
                "\n#[allow(deprecated)]\nimpl ::core::fmt::Debug for {path}{ident} {{\n    fn fmt(&self, f: &mut \
                 ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{\n        f.write_str(\"by hand\")\n    }}\n}}\n"
            );
        }
    }
}

/// A message or oneof that a macro of the runtime implements, and whether its `Debug` too: `User: Debug { .. }`.
fn shown_by_macro(item: &Item) -> Option<(String, bool)> {
    let Item::Macro(item) = item else { return None };
    let macro_name = item.mac.path.segments.last()?.ident.to_string();
    let mut tokens = item.mac.tokens.clone().into_iter();
    let TokenTree::Ident(name) = tokens.next()? else { return None };
    let is_shown = matches!(tokens.next(), Some(TokenTree::Punct(_)));
    ["message", "oneof"].contains(&macro_name.as_str()).then(|| (name.to_string(), is_shown))
}

/// prost-derive implements `Debug` for messages and oneofs unless it is told not to.
fn has_own(attributes: &[Attribute]) -> bool {
    let is_enum = derives(attributes, "Enumeration");
    let is_skipped = attributes.iter().any(|attribute| {
        attribute.path().is_ident("prost") && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "skip_debug")
    });
    !is_enum && !is_skipped
}

fn derives(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let mut found = false;
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.segments.last().is_some_and(|segment| segment.ident == name);
            Ok(())
        });
        found
    })
}

fn debug_of(item: &Item) -> Option<String> {
    let Item::Impl(item) = item else { return None };
    let (path, _) = item.trait_.as_ref()?;
    let Type::Path(ty) = &*item.self_ty else { return None };
    let is_debug = path.segments.last()?.ident == "Debug";
    is_debug.then(|| ty.path.get_ident().map(ToString::to_string)).flatten()
}
