//! Attributes from the user's options: kept as text, emitted as tokens.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::syntax::Attribute;

/// The attributes of one item, in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attributes(Vec<String>);

impl Attributes {
    /// Adds a `cfg` for the Cargo feature, if one is given.
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

/// Removes repeated attributes: two options, or two paths of one option, may add the same one, and rustc warns about that.
pub(crate) fn each_once<'a>(attributes: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = BTreeSet::new();
    attributes.filter(move |attribute| seen.insert(*attribute))
}

/// Returns the names of the traits that the attributes derive. A path to a crate other than the standard library, serde, prost and
/// rgrpc does not count: its macro may implement anything.
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
    fn an_attribute_of_two_rules_is_emitted_once() {
        assert_eq!(each_once(["#[a]", "#[b]", "#[a]"].into_iter()).collect::<Vec<_>>(), ["#[a]", "#[b]"]);
    }
}
