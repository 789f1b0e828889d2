//! Emits the attributes of items: those of the user, and those that follow from the schema.

use proc_macro2::TokenStream;
use quote::quote;

use super::lines::Lines;
use super::tokens;
use crate::model::Method;
use crate::names::without_raw;

/// Adds the user's attributes.
pub(super) fn attributes(attributes: &[String], lines: &mut Lines) {
    for attribute in attributes {
        match attribute.parse() {
            Ok(attribute) => tokens::attributes(attribute, lines),
            Err(error) => panic!("rgrpc-codegen bug: attribute `{attribute}`: {error}"),
        }
    }
}

pub(super) fn doc(text: &str) -> TokenStream {
    quote!(#[doc = #text])
}

/// Makes the documentation searchable by the proto name of a method. rustdoc's search ignores case and underscores, so most methods need
/// no alias.
pub(super) fn alias(method: &Method) -> Option<TokenStream> {
    let Method { rpc, name, .. } = method;
    let searchable = |name: &str| without_raw(name).replace('_', "").to_lowercase();
    (searchable(&name.to_string()) != searchable(rpc)).then(|| quote!(#[doc(alias = #rpc)]))
}

pub(super) fn deprecated(deprecated: bool) -> Option<TokenStream> {
    deprecated.then(|| quote!(#[deprecated]))
}
