//! Emits the client module of a service.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{alias, deprecated, doc};
use crate::model::{Client, Method, MethodKind, Service};

pub(super) fn module(service: &Service, client: &Client, has_config: bool) -> TokenStream {
    let Client { docs, module_attributes, attributes, module, name } = client;
    let summary = format!(" Client for `{}`.", service.full_name);
    let docs = doc(docs);
    let descriptors = &service.descriptors;
    let deprecated = deprecated(service.deprecated);
    let config = has_config.then(|| quote!(.with_config(super::GENERATED_CONFIG)));
    let methods = service.methods.iter().map(|method| function(service, method));
    let calls = (!service.methods.is_empty()).then(|| quote!(impl #name { #(#methods)* }));
    quote! {
        #[doc = #summary]
        #module_attributes
        pub mod #module {
            #docs
            #attributes
            #deprecated
            #[derive(::core::fmt::Debug, ::core::clone::Clone)]
            pub struct #name {
                channel: ::rgrpc::Channel,
            }

            ::rgrpc::client! {
                #name = new(super::#descriptors::SERVICE) #config;
            }

            #calls
        }
    }
}

fn function(service: &Service, method: &Method) -> TokenStream {
    let Method { name, constant, request, response, .. } = method;
    let docs = doc(&method.docs);
    let alias = alias(method);
    let deprecated = deprecated(method.deprecated);
    let descriptors = &service.descriptors;
    let descriptor = quote!(&super::#descriptors::#constant);
    let one = quote!(request: impl ::rgrpc::IntoRequest<#request>);
    let many = quote!(requests: impl ::rgrpc::IntoStreamingRequest<Message = #request>);
    let (parameter, call, body) = match method.kind {
        MethodKind::Unary => (one, quote!(UnaryCall), quote!(unary(#descriptor, request))),
        MethodKind::ServerStreaming => {
            (one, quote!(ServerStreamingCall), quote!(server_streaming(#descriptor, request)))
        }
        MethodKind::ClientStreaming => {
            (many, quote!(ClientStreamingCall), quote!(client_streaming(#descriptor, requests)))
        }
        MethodKind::BidiStreaming => (many, quote!(BidiStreamingCall), quote!(bidi_streaming(#descriptor, requests))),
    };
    quote! {
        #docs
        #alias
        #deprecated
        pub fn #name(&self, #parameter) -> ::rgrpc::#call<#response> {
            self.channel.#body
        }
    }
}
