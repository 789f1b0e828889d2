//! Emits the implementations of `prost::Name`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::TypeName;

pub(super) fn implementation(type_name: &TypeName) -> TokenStream {
    let TypeName { name_trait, string, ty, package, name, full_name, url } = type_name;
    let function = |function: TokenStream, value: &String| {
        quote! {
            fn #function() -> #string {
                #string::from(#value)
            }
        }
    };
    let full_name = full_name.as_ref().map(|value| function(quote!(full_name), value));
    let url = url.as_ref().map(|value| function(quote!(type_url), value));
    quote! {
        impl #name_trait for #ty {
            const NAME: &'static str = #name;
            const PACKAGE: &'static str = #package;
            #full_name
            #url
        }
    }
}
