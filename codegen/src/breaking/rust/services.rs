//! Collects the clients and servers of a package.

use quote::ToTokens;
use rgrpc_schema::schema::Schema;

use super::super::location::Location;
use super::item::{Item, ItemKind, Member, Subject};
use crate::model::{self, DefaultBodies, Method, Package, Service};
use crate::names::Name;

pub(super) fn collect(package: &Package, schema: &Schema<'_>, modules: &[String], items: &mut Vec<Item>) {
    let declared = package.files.iter().flat_map(|&file| &schema.services[schema.files[file].services.clone()]);
    for (service, declared) in package.services.iter().zip(declared) {
        items.push(item(service, &Location::of(&declared.at), modules));
    }
}

fn item(service: &Service, location: &Location, modules: &[String]) -> Item {
    let path = |names: &[&Name]| {
        let path = modules.iter().cloned().chain(names.iter().map(ToString::to_string));
        path.collect::<Vec<_>>().join("::")
    };
    let client = service.client.as_ref().map(|client| path(&[&client.module, &client.name]));
    let server = service.server.as_ref().map(|server| path(&[&server.module, &server.trait_]));
    let descriptors = Some(path(&[&service.descriptors]));
    let is_required = service.server.as_ref().is_some_and(|server| server.bodies == DefaultBodies::Required);
    let proto = format!(".{}", service.full_name);
    Item {
        subject: Subject::Service,
        kind: ItemKind::Service,
        name: [client, server, descriptors].into_iter().flatten().collect::<Vec<_>>().join(" "),
        location: location.clone(),
        derives: Vec::new(),
        members: (0..)
            .zip(&service.methods)
            .map(|(index, method)| member(method, index, &proto, location, is_required))
            .collect(),
        proto,
    }
}

fn member(method: &Method, index: usize, service: &str, location: &Location, is_required: bool) -> Member {
    let [request, response] = [&method.request, &method.response].map(|ty| {
        // The model spells the path from the module of the service, which is directly below that of the package.
        let ty = type_text(ty);
        ty.strip_prefix("super::").map(str::to_owned).unwrap_or(ty)
    });
    let signature = match method.kind {
        model::MethodKind::Unary => format!("{request} -> {response}"),
        model::MethodKind::ServerStreaming => format!("{request} -> stream of {response}"),
        model::MethodKind::ClientStreaming => format!("stream of {request} -> {response}"),
        model::MethodKind::BidiStreaming => format!("stream of {request} -> stream of {response}"),
    };
    Member {
        subject: Subject::Method,
        name: method.name.to_string(),
        proto: format!("{service}.{}", method.rpc),
        key: method.rpc.clone(),
        signature,
        must_be_named: is_required,
        location: Location { file: location.file, path: location.path.method(index) },
    }
}

/// Prints tokens as a person writes them.
fn type_text(syntax: &impl ToTokens) -> String {
    // A list that was wrapped has a trailing comma.
    syntax.to_token_stream().to_string().replace(' ', "").replace(",>", ">").replace(',', ", ")
}
