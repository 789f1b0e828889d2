//! The messages of a package in, the macro calls that give them a JSON and a text form out.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::Described;

pub(super) fn json(described: &Described) -> TokenStream {
    let messages = messages(described);
    quote!(::rgrpc::json_messages! { #messages })
}

pub(super) fn text(described: &Described) -> TokenStream {
    let messages = messages(described);
    quote!(::rgrpc::text_messages! { #messages })
}

fn messages(described: &Described) -> TokenStream {
    let descriptors = described.descriptors.as_deref().map(Literal::byte_string);
    let messages = described.messages.iter().map(|(full_name, ty)| quote!(#ty = #full_name;));
    quote!(#(#messages)* #descriptors)
}
