//! A service in, its server module out: the trait to implement, and the routes to it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Bodies, Docs, Kind, Method, Server, Service};

use super::{alias, deprecated, doc, dyn_trait};

pub(super) fn module(service: &Service, server: &Server) -> TokenStream {
    let Server { module, trait_, parameter, name, routes, bodies, .. } = server;
    let Server { module_attributes, attributes, trait_attributes, .. } = server;
    let full_name = &service.full_name;
    let descriptors = &service.descriptors;
    let summary = format!(" Server for `{full_name}`.");
    let server_doc =
        format!(" Serves an implementation of [`{trait_}`] as a tower service, for tonic's `Server` and any other.");
    let routes_doc =
        format!(" The routes from the methods of `{full_name}` to those of an implementation of [`{trait_}`].");
    let docs = doc(&server.docs);
    let deprecated = deprecated(service.deprecated);
    let methods = service.methods.iter().map(|method| function(service, method, *bodies));
    let dyn_trait = server.dyn_trait.as_ref().map(|name| dyn_trait::items(service, server, name));
    let arms = service.methods.iter().map(arm);
    let (implementation, body) = if service.methods.is_empty() {
        (quote!(_), quote!(call.unimplemented()))
    } else {
        (quote!(service), quote!(match call.method() { #(#arms)* _ => call.unimplemented(), }))
    };
    quote! {
        #[doc = #summary]
        #module_attributes
        pub mod #module {
            #docs
            #trait_attributes
            #deprecated
            pub trait #trait_: ::core::marker::Send + ::core::marker::Sync + 'static {
                #(#methods)*
            }

            #dyn_trait

            #[doc = #server_doc]
            #attributes
            pub type #name<#parameter> = ::rgrpc::Server<#parameter, #routes>;

            #[doc = #routes_doc]
            #[derive(::core::fmt::Debug)]
            pub enum #routes {}

            impl<#parameter: #trait_> ::rgrpc::codegen::Dispatch<#parameter> for #routes {
                const DESCRIPTOR: &'static ::rgrpc::ServiceDescriptor = &super::#descriptors::SERVICE;

                async fn dispatch(#implementation: &#parameter, call: ::rgrpc::codegen::ServerCall) -> ::rgrpc::codegen::Reply {
                    #body
                }
            }
        }
    }
}

fn function(service: &Service, method: &Method, bodies: Bodies) -> TokenStream {
    let Method { name, constant, request, response, .. } = method;
    let docs = doc(&method.docs);
    let signature = doc(&signature(method));
    let alias = alias(method);
    let deprecated = deprecated(method.deprecated);
    let descriptors = &service.descriptors;
    let one = quote!(#request);
    let many = quote!(::rgrpc::Streaming<#request>);
    let (request, reply, absent) = match method.kind {
        Kind::Unary => (one, quote!(ResponseFuture), quote!(unimplemented)),
        Kind::ServerStreaming => (one, quote!(StreamingResponseFuture), quote!(unimplemented_streaming)),
        Kind::ClientStreaming => (many, quote!(ResponseFuture), quote!(unimplemented)),
        Kind::BidiStreaming => (many, quote!(StreamingResponseFuture), quote!(unimplemented_streaming)),
    };
    let body = match bodies {
        Bodies::Required => quote!(;),
        Bodies::Unimplemented => {
            quote!({ ::rgrpc::codegen::#absent(&super::#descriptors::#constant, request) })
        }
    };
    quote! {
        #docs
        #signature
        #alias
        #deprecated
        fn #name(&self, request: ::rgrpc::Request<#request>) -> impl ::rgrpc::#reply<#response> #body
    }
}

/// The method as an implementation writes it, to be copied from the documentation.
fn signature(method: &Method) -> Docs {
    const WIDTH: usize = 94;
    let Method { name, request, response, kind, .. } = method;
    let [request, response] = [request.name(), response.name()];
    let request = match kind {
        Kind::Unary | Kind::ServerStreaming => format!("request: Request<{request}>"),
        Kind::ClientStreaming | Kind::BidiStreaming => format!("request: Request<Streaming<{request}>>"),
    };
    let response = match kind {
        Kind::Unary | Kind::ClientStreaming => format!("Result<Response<{response}>, Status>"),
        Kind::ServerStreaming | Kind::BidiStreaming => {
            format!("Result<Response<impl ServerStream<{response}>>, Status>")
        }
    };
    let line = format!("async fn {name}(&self, {request}) -> {response}");
    let lines = if line.len() <= WIDTH {
        vec![line]
    } else {
        vec![
            format!("async fn {name}("),
            "    &self,".to_owned(),
            format!("    {request},"),
            format!(") -> {response}"),
        ]
    };
    let lines = ["```text".to_owned()].into_iter().chain(lines).chain(["```".to_owned()]);
    [String::new()].into_iter().chain(lines.map(|line| format!(" {line}"))).collect()
}

fn arm(method: &Method) -> TokenStream {
    let Method { rpc, name, .. } = method;
    let kind = match method.kind {
        Kind::Unary => quote!(unary),
        Kind::ServerStreaming => quote!(server_streaming),
        Kind::ClientStreaming => quote!(client_streaming),
        Kind::BidiStreaming => quote!(bidi_streaming),
    };
    quote!(#rpc => call.#kind(|r| service.#name(r)).await,)
}
