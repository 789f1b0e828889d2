//! Attributes that the user wrote, as text in, as tokens out.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::syntax::Attribute;

/// Attributes for one item, in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attributes(Vec<String>);

impl Attributes {
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
        for text in &self.0 {
            match text.parse::<TokenStream>() {
                Ok(attributes) => tokens.extend(attributes),
                Err(error) => panic!("rgrpc-codegen bug: attribute `{text}`: {error}"),
            }
        }
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
    const KNOWN: &[&str] = &["core", "std", "serde", "prost", "rgrpc"];
    let attributes = Attribute::parse(text).unwrap_or_default();
    let paths = attributes.iter().flat_map(Attribute::derived);
    let known = paths.filter(|path| path.len() == 1 || path.first().is_some_and(|root| KNOWN.contains(&&**root)));
    known.filter_map(|mut path| path.pop()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_that_two_rules_give_is_there_once() {
        assert_eq!(each_once(["#[a]", "#[b]", "#[a]"].into_iter()).collect::<Vec<_>>(), ["#[a]", "#[b]"]);
    }
}
