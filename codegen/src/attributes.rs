//! Attributes that the user wrote, as text in, as syntax out.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// Attributes for one item, in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attributes(Vec<String>);

impl Attributes {
    /// The parsed attributes.
    pub(crate) fn parse(&self) -> impl Iterator<Item = Attribute> {
        self.0.iter().flat_map(|text| match Attribute::parse_outer.parse_str(text) {
            Ok(attributes) => attributes,
            Err(error) => panic!("rgrpc-codegen bug: attribute `{text}`: {error}"),
        })
    }

    /// These attributes, behind a Cargo feature if one is given.
    pub(crate) fn behind(mut self, feature: Option<&String>) -> Self {
        self.0.splice(0..0, feature.map(|feature| format!("#[cfg(feature = {feature:?})]")));
        self
    }
}

impl<'a> FromIterator<&'a str> for Attributes {
    fn from_iter<I: IntoIterator<Item = &'a str>>(attributes: I) -> Self {
        Self(each_once(attributes.into_iter()).map(str::to_owned).collect())
    }
}

impl ToTokens for Attributes {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.parse().for_each(|attribute| attribute.to_tokens(tokens));
    }
}

/// Attributes without those that came before: two options, or two paths of one, may put the same on an element, of which
/// rustc warns.
pub(crate) fn each_once<'a>(attributes: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = BTreeSet::new();
    attributes.filter(move |attribute| seen.insert(*attribute))
}

/// The traits of Rust, serde and prost that attributes derive, by their own names; a macro of another crate may do
/// anything.
pub(crate) fn derived(text: &str) -> Vec<String> {
    let attributes = Attribute::parse_outer.parse_str(text).unwrap_or_default();
    let mut names = Vec::new();
    for attribute in &attributes {
        add_derived(&attribute.meta, &mut names);
    }
    names
}

fn add_derived(meta: &Meta, names: &mut Vec<String>) {
    const KNOWN: &[&str] = &["core", "std", "serde", "prost", "rgrpc"];
    let Meta::List(list) = meta else { return };
    if list.path.is_ident("derive") {
        let paths = list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated).unwrap_or_default();
        for path in paths {
            let mut segments = path.segments.iter().map(|segment| segment.ident.to_string());
            let is_known = path.segments.len() == 1 || segments.next().is_some_and(|root| KNOWN.contains(&&*root));
            names.extend(path.segments.last().filter(|_| is_known).map(|segment| segment.ident.to_string()));
        }
    } else if list.path.is_ident("cfg_attr") {
        let metas = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
        for meta in metas.iter().skip(1) {
            add_derived(meta, names);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_that_two_rules_give_is_there_once() {
        assert_eq!(each_once(["#[a]", "#[b]", "#[a]"].into_iter()).collect::<Vec<_>>(), ["#[a]", "#[b]"]);
    }
}
