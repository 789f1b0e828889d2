//! Attributes that the user wrote, as text in, as syntax out.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Attribute;
use syn::parse::Parser;

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
        Self(attributes.into_iter().map(str::to_owned).collect())
    }
}

impl ToTokens for Attributes {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.parse().for_each(|attribute| attribute.to_tokens(tokens));
    }
}
