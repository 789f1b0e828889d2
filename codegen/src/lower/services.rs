//! Lowers service descriptors to the services of the model, and allocates the names of their modules and methods.

use rgrpc_schema::descriptor::{IdempotencyLevel, MethodDescriptorProto};
use rgrpc_schema::full_name::last_part;
use rgrpc_schema::source::{Path, Source};
use rgrpc_schema::{Errors, schema};

use super::decisions::Decisions;
use super::names::NamedElement;
use super::packages::Children;
use super::renames;
use crate::attributes::Attributes;
use crate::docs::{Docs, rustdoc};
use crate::model::{Client, DefaultBodies, Idempotency, Method, MethodKind, Package, Server, Service};
use crate::names::scope::{Candidate, Namespace, Scope};
use crate::names::{self, Name};
use crate::options::{Options, PathRules};
use crate::rust_type::RustType;

/// Adds the services of the package's files, in the order of the files and of their declarations.
pub(super) fn add(package: &mut Package, decisions: &Decisions<'_>, children: &Children<'_>, errors: &mut Errors) {
    let mut modules = modules(package, decisions, children).into_iter();
    for &file in &package.files {
        let source = decisions.schema.source(file);
        let file = &decisions.schema.files[file];
        for service in &decisions.schema.services[file.services.clone()] {
            let scope = ServiceScope { package: &package.name, source: &source, decisions };
            let mut service = scope.service(service, &modules.next().unwrap_or_default(), errors);
            service.deprecated |= file.descriptor.is_deprecated();
            package.services.push(service);
        }
    }
}

/// The name from which the modules of each service are made, distinct from those of messages and child packages.
fn modules(package: &Package, decisions: &Decisions<'_>, children: &Children<'_>) -> Vec<String> {
    let Decisions { schema, names, options, unknown_fields, .. } = decisions;
    let mut scope = Scope::default();
    for &message in package.files.iter().flat_map(|&file| &schema.files[file].top_messages) {
        if unknown_fields.has_module(schema, message) {
            scope.reserve(Namespace::Type, names::snake(names.of(NamedElement::Message(message))));
        }
    }
    for child in children.get(&*package.name).into_iter().flatten() {
        scope.reserve(Namespace::Type, names::snake(child));
    }
    let services = package.files.iter().flat_map(|&file| &schema.services[schema.files[file].services.clone()]);
    let services: Vec<_> = services.map(|service| candidate(&service.at.full_name, options)).collect();
    let suffixes =
        [Some("methods"), options.build_client.then_some("client"), options.build_server.then_some("server")];
    let suffixes: Vec<&str> = suffixes.into_iter().flatten().collect();
    let allocated = scope.allocate(&services, |(), name| {
        let module = |suffix: &&str| (Namespace::Type, format!("{}_{suffix}", names::snake(name)));
        Some(suffixes.iter().map(module).collect())
    });
    let wanted = services.into_iter().map(|service| service.rename.unwrap_or_else(|| service.name.to_owned()));
    allocated.into_iter().zip(wanted).map(|(name, wanted)| name.unwrap_or(wanted)).collect()
}

/// The element with this full name, and the user's name for it.
fn candidate<'a>(full_name: &'a str, options: &Options) -> Candidate<'a, ()> {
    let rename = options.rename.get(full_name).cloned();
    Candidate { name: last_part(full_name), rename, shape: () }
}

/// Lowers the services of one file.
struct ServiceScope<'a> {
    package: &'a str,
    source: &'a Source<'a>,
    decisions: &'a Decisions<'a>,
}

impl ServiceScope<'_> {
    fn service(&self, service: &schema::Service<'_>, module: &str, errors: &mut Errors) -> Service {
        let options = self.decisions.options;
        let (descriptor, path) = (&service.descriptor, &service.at.path);
        let (proto_name, full_name) = (&*service.at.full_name, service.at.display_name());
        let name = options.rename.get(proto_name).map_or(descriptor.name(), String::as_str);
        let camel = names::upper_camel(name);
        let module = |suffix: &str| Name::new(format!("{}_{suffix}", names::snake(module)));
        let selectable_by = [proto_name, proto_name.rsplit_once('.').map_or("", |(package, _)| package)];
        let attributes = |rules: &PathRules| rules.values(&selectable_by).collect::<Attributes>();
        let docs = self.docs(path, proto_name, &format!("Service `{full_name}` of `{}`.", self.source.file()));
        let client = options.build_client.then(|| Client {
            docs: docs.clone(),
            module_attributes: attributes(&options.client_mod_attribute).behind(options.client_feature.as_ref()),
            attributes: attributes(&options.client_attribute),
            module: module("client"),
            name: Name::new(format!("{camel}Client")),
        });
        let server = options.build_server.then(|| Server {
            docs,
            module_attributes: attributes(&options.server_mod_attribute).behind(options.server_feature.as_ref()),
            attributes: attributes(&options.server_attribute),
            trait_attributes: attributes(&options.trait_attribute),
            module: module("server"),
            trait_: Name::new(&*camel),
            dyn_trait: options.dyn_trait.then(|| Name::new(format!("{camel}Dyn"))),
            parameter: Name::new(if camel == "T" { "S" } else { "T" }),
            name: Name::new(format!("{camel}Server")),
            routes: Name::new(format!("{camel}Routes")),
            bodies: if options.generate_default_stubs { DefaultBodies::Unimplemented } else { DefaultBodies::Required },
        });
        Service {
            descriptors: module("methods"),
            deprecated: descriptor.is_deprecated(),
            client,
            server,
            methods: self.methods(&descriptor.method, path, proto_name, errors),
            custom_options: if options.custom_options { descriptor.options.custom() } else { Vec::new() },
            wire_name: wire_name(full_name, options).to_owned(),
            full_name: full_name.to_owned(),
        }
    }

    fn methods(
        &self,
        descriptors: &[MethodDescriptorProto<'_>],
        service: &Path,
        service_name: &str,
        errors: &mut Errors,
    ) -> Vec<Method> {
        let options = self.decisions.options;
        // `new` is the client's constructor, and `SERVICE` the descriptor of the service.
        let mut scope = Scope::default();
        scope.reserve(Namespace::Method, "new".to_owned());
        scope.reserve(Namespace::Constant, "SERVICE".to_owned());
        let full_names = descriptors.iter().map(|method| format!("{service_name}.{}", method.name()));
        let full_names: Vec<String> = full_names.collect();
        let elements: Vec<_> = full_names.iter().map(|full_name| candidate(full_name, options)).collect();
        let functions = scope.allocate(&elements, |(), name| Some(vec![(Namespace::Method, names::snake(name))]));
        let constants = scope.allocate(&elements, |(), name| Some(vec![(Namespace::Constant, names::shouty(name))]));
        let method = |(index, descriptor): (usize, &MethodDescriptorProto<'_>)| {
            let [name, constant] =
                [&functions, &constants].map(|names| names[index].as_deref().unwrap_or(descriptor.name()));
            let proto_name = &full_names[index];
            let rename = elements[index].rename.as_deref();
            if let Some(rename) = rename.filter(|&rename| rename != name || rename != constant) {
                errors.push(renames::taken(self.source.position(&service.method(index)), proto_name, rename));
            }
            let (name, constant) = (Name::new(names::snake(name)), Name::new(names::shouty(constant)));
            Method {
                docs: self.docs(&service.method(index), proto_name, &format!("RPC `{}`.", descriptor.name())),
                deprecated: descriptor.is_deprecated(),
                rpc: descriptor.name().to_owned(),
                name,
                constant,
                kind: kind(descriptor),
                idempotency: idempotency(descriptor.idempotency_level()),
                custom_options: if options.custom_options { descriptor.options.custom() } else { Vec::new() },
                request: self.ty(descriptor.input_type()),
                response: self.ty(descriptor.output_type()),
            }
        };
        descriptors.iter().enumerate().map(method).collect()
    }

    /// The type of requests or responses, seen from a module of the service.
    fn ty(&self, full_name: &str) -> RustType {
        let Decisions { schema, names, externs, .. } = self.decisions;
        let generated = || {
            let segments = schema.resolve(full_name).map(|symbol| names.segments(symbol)).unwrap_or_default();
            RustType::from_service(self.package, &segments)
        };
        externs.resolve(full_name).map_or_else(generated, |path| RustType::absolute(&path))
    }

    /// The comment of an element, followed by a sentence that states what it is.
    fn docs(&self, path: &Path, proto_name: &str, sentence: &str) -> Docs {
        let comment =
            self.source.comment(path).filter(|_| !self.decisions.options.disable_comments.select(&[proto_name]));
        let mut docs = comment.as_deref().map(rustdoc).unwrap_or_default();
        docs.extend([if docs.is_empty() { "" } else { "\n\n" }, " ", sentence]);
        docs
    }
}

/// The name of a service on the wire.
pub(super) fn wire_name<'a>(full_name: &'a str, options: &Options) -> &'a str {
    if options.emit_package { full_name } else { last_part(full_name) }
}

fn kind(method: &MethodDescriptorProto<'_>) -> MethodKind {
    match (method.client_streaming, method.server_streaming) {
        (false, false) => MethodKind::Unary,
        (false, true) => MethodKind::ServerStreaming,
        (true, false) => MethodKind::ClientStreaming,
        (true, true) => MethodKind::BidiStreaming,
    }
}

fn idempotency(level: IdempotencyLevel) -> Idempotency {
    match level {
        IdempotencyLevel::IdempotencyUnknown => Idempotency::Unknown,
        IdempotencyLevel::NoSideEffects => Idempotency::NoSideEffects,
        IdempotencyLevel::Idempotent => Idempotency::Idempotent,
    }
}
