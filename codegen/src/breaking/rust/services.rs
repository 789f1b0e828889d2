//! A package of the model in, the clients and servers of its services out.

use super::super::report::Place;
use super::Subject;
use super::api::{self, Item, Member, spelled};
use crate::input::DescriptorSet;
use crate::model::{Bodies, Kind, Method, Package, Service};
use crate::names::Name;
use crate::source::{Path, Step};

pub(super) fn collect(package: &Package, set: &DescriptorSet, modules: &[String], items: &mut Vec<Item>) {
    let declared = package.files.iter().flat_map(|&file| {
        (0..set.files[file].proto.service.len())
            .map(move |index| Place { file, path: Path::file(Step::Service, index) })
    });
    for (service, place) in package.services.iter().zip(declared) {
        items.push(item(service, &place, modules));
    }
}

fn item(service: &Service, place: &Place, modules: &[String]) -> Item {
    let path = |names: &[&Name]| {
        let path = modules.iter().cloned().chain(names.iter().map(ToString::to_string));
        path.collect::<Vec<_>>().join("::")
    };
    let client = service.client.as_ref().map(|client| path(&[&client.module, &client.name]));
    let server = service.server.as_ref().map(|server| path(&[&server.module, &server.trait_]));
    let descriptors = Some(path(&[&service.descriptors]));
    let is_required = service.server.as_ref().is_some_and(|server| server.bodies == Bodies::Required);
    let proto = format!(".{}", service.full_name);
    Item {
        subject: Subject::Service,
        kind: api::Kind::Service,
        name: [client, server, descriptors].into_iter().flatten().collect::<Vec<_>>().join(" "),
        place: place.clone(),
        derives: Vec::new(),
        members: (0..)
            .zip(&service.methods)
            .map(|(index, method)| member(method, index, &proto, place, is_required))
            .collect(),
        proto,
    }
}

fn member(method: &Method, index: usize, service: &str, place: &Place, is_required: bool) -> Member {
    let [request, response] = [&method.request, &method.response].map(|ty| {
        // The module of the service is right below that of the package.
        let ty = spelled(ty);
        ty.strip_prefix("super::").map(str::to_owned).unwrap_or(ty)
    });
    let signature = match method.kind {
        Kind::Unary => format!("{request} -> {response}"),
        Kind::ServerStreaming => format!("{request} -> stream of {response}"),
        Kind::ClientStreaming => format!("stream of {request} -> {response}"),
        Kind::BidiStreaming => format!("stream of {request} -> stream of {response}"),
    };
    Member {
        subject: Subject::Method,
        name: method.name.to_string(),
        proto: format!("{service}.{}", method.rpc),
        key: method.rpc.clone(),
        signature,
        must_be_named: is_required,
        place: Place { file: place.file, path: place.path.method(index) },
    }
}
