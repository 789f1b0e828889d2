//! Turns the model into Rust items. Each template is shown whole, with its holes bound above it.

mod accessors;
mod attributes;
mod cargo_features;
mod client;
mod debug;
mod derive;
mod descriptors;
mod dyn_trait;
mod enumeration;
mod lines;
mod message;
mod server;
mod service_config;
mod tokens;
mod transcoding;
mod tree;
mod type_names;
mod unknown_fields;
mod wrap;

use quote::quote;

use crate::model::Package;

pub(crate) use accessors::TRY_FROM;
pub(crate) use cargo_features::cargo_features;
pub(crate) use lines::Lines;
pub(crate) use message::types;
pub(crate) use tree::tree;
pub(crate) use unknown_fields::UNKNOWN_FIELDS;

/// Adds the items that follow the messages of a package: the version check, the service config, three modules per service, then
/// `prost::Name`, JSON and the text format of the messages, and the descriptor set.
pub(crate) fn services(package: &Package, lines: &mut Lines) {
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
    let json = package.json.as_ref().map(transcoding::json);
    let text = package.text.as_ref().map(transcoding::text);
    let names = package.type_names.iter().map(type_names::implementation);
    let items = check.into_iter().chain(config).chain(services).chain(names).chain(json).chain(text).chain(set);
    items.for_each(|item| tokens::add(item, lines));
}
