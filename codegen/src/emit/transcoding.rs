//! Emits the macro calls that implement JSON and the text format for the messages of a package.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::Transcoding;

pub(super) fn json(transcoding: &Transcoding) -> TokenStream {
    let messages = messages(transcoding);
    quote!(::rgrpc::json_messages! { #messages })
}

pub(super) fn text(transcoding: &Transcoding) -> TokenStream {
    let messages = messages(transcoding);
    quote!(::rgrpc::text_messages! { #messages })
}

fn messages(transcoding: &Transcoding) -> TokenStream {
    let descriptors = transcoding.descriptors.as_deref().map(Literal::byte_string);
    let messages = transcoding.messages.iter().map(|(full_name, ty)| quote!(#ty = #full_name;));
    quote!(#(#messages)* #descriptors)
}
