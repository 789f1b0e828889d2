//! The model in, Rust items out: each template is bound above and then shown whole.

mod client;
mod debug;
mod descriptors;
mod dyn_trait;
mod enumeration;
mod features;
mod json;
mod lines;
mod message;
mod server;
mod service_config;
mod tree;
mod type_names;
mod wrap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Item;

use crate::model::{Docs, Method, Package};
use crate::render::LINE_END;

pub(crate) use features::features;
pub(crate) use lines::Lines;
pub(crate) use message::types;
pub(crate) use tree::tree;

/// The items of a package after its messages: the version check, three modules per service, then what messages have
/// in common.
pub(crate) fn services(package: &Package) -> Vec<Item> {
    let services = package.services.iter().flat_map(|service| {
        let client =
            service.client.as_ref().map(|client| client::module(service, client, package.service_config.is_some()));
        let server = service.server.as_ref().map(|server| server::module(service, server));
        let descriptors = descriptors::module(service);
        [Some(descriptors), client, server].into_iter().flatten()
    });
    let check = (!package.services.is_empty()).then(|| {
        quote!(
            const _: () = ::rgrpc::codegen::SUPPORTS_CODEGEN_1;
        )
    });
    let config = package.service_config.as_ref().map(service_config::constant);
    let set = package.descriptor_set.as_deref().map(descriptors::descriptor_set);
    let json = package.json.as_ref().map(json::messages);
    let names = package.type_names.iter().map(type_names::implementation);
    items(check.into_iter().chain(config).chain(services).chain(names).chain(json).chain(set).collect(), &package.name)
}

fn items(tokens: TokenStream, origin: &str) -> Vec<Item> {
    match syn::parse2::<syn::File>(tokens) {
        Ok(file) => file.items,
        Err(error) => panic!("rgrpc-codegen bug: {origin}: {error}"),
    }
}

fn doc(lines: &Docs) -> TokenStream {
    let text = lines.join(LINE_END);
    quote!(#[doc = #text])
}

/// Lets the documentation be searched by the name in the `.proto` file.
fn alias(method: &Method) -> Option<TokenStream> {
    let rpc = &method.rpc;
    let name = method.name.to_string();
    (name.trim_start_matches("r#") != rpc).then(|| quote!(#[doc(alias = #rpc)]))
}

fn deprecated(deprecated: bool) -> Option<TokenStream> {
    deprecated.then(|| quote!(#[deprecated]))
}
