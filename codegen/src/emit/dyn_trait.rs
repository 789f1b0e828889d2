//! Emits the dyn-compatible form of a server trait, and the implementations that convert between the two.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{deprecated, doc};
use crate::model::{Method, MethodKind, Server, Service};
use crate::names::Name;

pub(super) fn items(service: &Service, server: &Server, name: &Name) -> TokenStream {
    let Server { trait_, parameter, .. } = server;
    let docs = format!(
        " The dyn-compatible form of [`{trait_}`], which every `{trait_}` implements. `Arc<dyn {name}>` implements `{trait_}`."
    );
    let deprecated = deprecated(service.deprecated);
    let declared = service.methods.iter().map(declaration);
    let boxed = service.methods.iter().map(|method| boxing(method, trait_));
    let forwarded = service.methods.iter().map(|method| forwarding(method, name));
    quote! {
        #[doc = #docs]
        #deprecated
        pub trait #name: ::core::marker::Send + ::core::marker::Sync + 'static {
            #(#declared)*
        }

        impl<#parameter: #trait_> #name for #parameter {
            #(#boxed)*
        }

        impl #trait_ for ::std::sync::Arc<dyn #name> {
            #(#forwarded)*
        }
    }
}

fn declaration(method: &Method) -> TokenStream {
    let docs = doc(&method.docs);
    let deprecated = deprecated(method.deprecated);
    let signature = signature(method);
    quote!(#docs #deprecated #signature;)
}

fn boxing(method: &Method, trait_: &Name) -> TokenStream {
    let name = &method.name;
    let signature = signature(method);
    let boxed = if is_streaming(method) { quote!(boxed_streaming) } else { quote!(boxed) };
    quote! {
        #signature {
            let future = #trait_::#name(self, request);
            ::rgrpc::codegen::#boxed(future)
        }
    }
}

fn forwarding(method: &Method, dyn_trait: &Name) -> TokenStream {
    let Method { name, response, .. } = method;
    let request = request(method);
    let reply = if is_streaming(method) { quote!(StreamingResponseFuture) } else { quote!(ResponseFuture) };
    quote! {
        fn #name(&self, request: #request) -> impl ::rgrpc::#reply<#response> {
            #dyn_trait::#name(&**self, request)
        }
    }
}

fn signature(method: &Method) -> TokenStream {
    let Method { name, response, .. } = method;
    let request = request(method);
    let response = if is_streaming(method) { quote!(::rgrpc::Streaming<#response>) } else { quote!(#response) };
    quote!(fn #name(&self, request: #request) -> ::rgrpc::BoxResponseFuture<'_, #response>)
}

fn request(method: &Method) -> TokenStream {
    let request = &method.request;
    match method.kind {
        MethodKind::Unary | MethodKind::ServerStreaming => quote!(::rgrpc::Request<#request>),
        MethodKind::ClientStreaming | MethodKind::BidiStreaming => {
            quote!(::rgrpc::Request<::rgrpc::Streaming<#request>>)
        }
    }
}

fn is_streaming(method: &Method) -> bool {
    matches!(method.kind, MethodKind::ServerStreaming | MethodKind::BidiStreaming)
}
