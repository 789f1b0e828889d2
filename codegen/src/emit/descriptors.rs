//! Emits descriptors: the module of constants of a service, and the descriptor set of a package.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::{Idempotency, Method, MethodKind, Service};

pub(super) fn module(service: &Service) -> TokenStream {
    let Service { full_name, wire_name, descriptors, .. } = service;
    let custom_options = custom_options(&service.custom_options);
    let summary = format!(" Descriptors of `{full_name}` and its methods.");
    let methods = service.methods.iter().map(constant);
    quote! {
        #[doc = #summary]
        pub mod #descriptors {
            ::rgrpc::descriptors! {
                SERVICE = new(#wire_name) #custom_options;
                #(#methods)*
            }
        }
    }
}

fn constant(method: &Method) -> TokenStream {
    let Method { rpc, constant, .. } = method;
    let kind = match method.kind {
        MethodKind::Unary => quote!(unary),
        MethodKind::ServerStreaming => quote!(server_streaming),
        MethodKind::ClientStreaming => quote!(client_streaming),
        MethodKind::BidiStreaming => quote!(bidi_streaming),
    };
    let idempotency = match method.idempotency {
        Idempotency::Unknown => None,
        Idempotency::NoSideEffects => Some(quote!(.with_idempotency(::rgrpc::Idempotency::NoSideEffects))),
        Idempotency::Idempotent => Some(quote!(.with_idempotency(::rgrpc::Idempotency::Idempotent))),
    };
    let deprecated = method.deprecated.then(|| quote!(.with_deprecated()));
    let custom_options = custom_options(&method.custom_options);
    quote!(#constant = #kind(#rpc) #idempotency #deprecated #custom_options;)
}

fn custom_options(bytes: &[u8]) -> Option<TokenStream> {
    let literal = Literal::byte_string(bytes);
    (!bytes.is_empty()).then(|| quote!(.with_custom_options(#literal)))
}

/// The constant from which reflection services are built.
pub(super) fn descriptor_set(bytes: &[u8]) -> TokenStream {
    let bytes = Literal::byte_string(bytes);
    quote! {
        /// A serialized `google.protobuf.FileDescriptorSet` of this package's files and everything they import.
        pub const FILE_DESCRIPTOR_SET: &[u8] = #bytes;
    }
}
