//! The messages of a package in, the macro call that gives them a JSON form out.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::Json;

pub(super) fn messages(json: &Json) -> TokenStream {
    let descriptors = Literal::byte_string(&json.descriptors);
    let messages = json.messages.iter().map(|(full_name, ty)| quote!(#ty = #full_name;));
    quote! {
        ::rgrpc::json_messages! {
            #(#messages)*
            #descriptors
        }
    }
}
