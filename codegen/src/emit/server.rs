//! Emits the server module of a service: the trait to implement, and the routes to its methods.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{alias, deprecated, doc};
use super::dyn_trait;
use crate::model::{DefaultBodies, Method, MethodKind, Server, Service};

pub(super) fn module(service: &Service, server: &Server) -> TokenStream {
    let Server { module, trait_, parameter, name, routes, bodies, .. } = server;
    let Server { module_attributes, attributes, trait_attributes, .. } = server;
    let descriptors = &service.descriptors;
    let summary = format!(" Server for `{}`.", service.full_name);
    let server_doc = format!(" Serves an implementation of [`{trait_}`] as a tower service.");
    let docs = doc(&server.docs);
    let deprecated = deprecated(service.deprecated);
    let methods = service.methods.iter().map(|method| function(service, method, *bodies));
    let dyn_trait = server.dyn_trait.as_ref().map(|name| dyn_trait::items(service, server, name));
    let handlers = service.methods.iter().map(handler);
    quote! {
        #[doc = #summary]
        #module_attributes
        pub mod #module {
            #docs
            ///
            /// A method can be an `async fn`: see [`ResponseFuture`](::rgrpc::ResponseFuture).
            #trait_attributes
            #deprecated
            pub trait #trait_: ::core::marker::Send + ::core::marker::Sync + 'static {
                #(#methods)*
            }

            #dyn_trait

            #[doc = #server_doc]
            #attributes
            pub type #name<#parameter> = ::rgrpc::ServiceServer<#parameter, #routes>;

            ::rgrpc::routes! {
                #routes = #trait_(super::#descriptors::SERVICE);
                #(#handlers)*
            }
        }
    }
}

fn function(service: &Service, method: &Method, bodies: DefaultBodies) -> TokenStream {
    let Method { name, constant, request, response, .. } = method;
    let docs = doc(&method.docs);
    let alias = alias(method);
    let deprecated = deprecated(method.deprecated);
    let descriptors = &service.descriptors;
    let one = quote!(#request);
    let many = quote!(::rgrpc::Streaming<#request>);
    let (request, reply, absent) = match method.kind {
        MethodKind::Unary => (one, quote!(ResponseFuture), quote!(unimplemented)),
        MethodKind::ServerStreaming => (one, quote!(StreamingResponseFuture), quote!(unimplemented_streaming)),
        MethodKind::ClientStreaming => (many, quote!(ResponseFuture), quote!(unimplemented)),
        MethodKind::BidiStreaming => (many, quote!(StreamingResponseFuture), quote!(unimplemented_streaming)),
    };
    let body = match bodies {
        DefaultBodies::Required => quote!(;),
        DefaultBodies::Unimplemented => {
            quote!({ ::rgrpc::codegen::#absent(&super::#descriptors::#constant, request) })
        }
    };
    quote! {
        #docs
        #alias
        #deprecated
        fn #name(&self, request: ::rgrpc::Request<#request>) -> impl ::rgrpc::#reply<#response> #body
    }
}

fn handler(method: &Method) -> TokenStream {
    let Method { rpc, name, .. } = method;
    let kind = match method.kind {
        MethodKind::Unary => quote!(unary),
        MethodKind::ServerStreaming => quote!(server_streaming),
        MethodKind::ClientStreaming => quote!(client_streaming),
        MethodKind::BidiStreaming => quote!(bidi_streaming),
    };
    quote!(#rpc = #kind(#name);)
}
