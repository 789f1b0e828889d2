//! Emits the module tree, which includes the files of the packages.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::lines::Lines;
use super::tokens;
use crate::model::Package;
use crate::names::Name;

#[derive(Default)]
struct Node<'a> {
    package: Option<&'a Package>,
    children: BTreeMap<&'a Name, Node<'a>>,
}

/// Adds one nested module per package. The paths between packages are relative, so the tree can be included anywhere.
pub(crate) fn tree(packages: &[Package], lines: &mut Lines) {
    let mut root = Node::default();
    for package in packages {
        let node = package.modules.iter().fold(&mut root, |node, module| node.children.entry(module).or_default());
        node.package = Some(package);
    }
    let lints_allowed = lints_allowed();
    let tree = if root.package.is_none() {
        content(&root, "", &lints_allowed)
    } else {
        // `include!` takes no attributes, so a module around it has them. The module of a package never ends with `_`.
        let content = content(&root, "", &TokenStream::new());
        quote! {
            #lints_allowed
            mod generated_ { #content }

            #[allow(unused_imports)]
            pub use generated_::*;
        }
    };
    tokens::add(tree, lines);
}

/// Allows the lints that fire because of the schema, not because of a mistake.
fn lints_allowed() -> TokenStream {
    quote! {
        #[allow(
            dead_code,
            deprecated,
            missing_docs,
            non_snake_case,
            unused_qualifications,
            clippy::approx_constant,
            clippy::box_collection,
            clippy::enum_variant_names,
            clippy::iter_not_returning_iterator,
            clippy::iter_without_into_iter,
            clippy::large_enum_variant,
            clippy::len_without_is_empty,
            clippy::module_inception,
            clippy::new_ret_no_self,
            clippy::pub_underscore_fields,
            clippy::self_named_constructors,
            clippy::should_implement_trait,
            clippy::struct_excessive_bools,
            clippy::struct_field_names,
            clippy::too_many_lines,
            clippy::trivially_copy_pass_by_ref,
            clippy::used_underscore_binding,
            clippy::used_underscore_items,
            clippy::wrong_self_convention,
            clippy::zero_sized_map_values,
            reason = "the schema decides which items exist and what they are called"
        )]
    }
}

/// The inclusion of a node's package, and a module with these `attributes` for each child.
fn content(node: &Node<'_>, path: &str, attributes: &TokenStream) -> TokenStream {
    // The module of a package with others below exists without the feature of its own package, too.
    let is_shared = path.is_empty() || !node.children.is_empty();
    let include = node.package.map(|package| {
        let file = &package.file_name;
        let gate = gate(package).filter(|_| is_shared);
        quote!(#gate ::core::include!(#file);)
    });
    let children = node.children.iter().map(|(name, child)| {
        let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
        let docs = match child.package {
            Some(package) => format!(" Package `{}`.", package.name),
            None => format!(" Packages below `{path}`."),
        };
        let content = content(child, &path, &TokenStream::new());
        let gate = child.package.filter(|_| child.children.is_empty()).and_then(gate);
        quote! {
            #[doc = #docs]
            #attributes
            #gate
            pub mod #name { #content }
        }
    });
    quote!(#include #(#children)*)
}

fn gate(package: &Package) -> Option<TokenStream> {
    let feature = &package.feature.as_ref()?.name;
    Some(quote!(#[cfg(feature = #feature)]))
}
