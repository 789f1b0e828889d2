//! Service descriptors in, the services of the model out, with every name allocated.

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
pub(super) fn add(package: &mut Package, decided: &Decisions<'_>, children: &Children<'_>, errors: &mut Errors) {
    let mut modules = modules(package, decided, children).into_iter();
    for &file in &package.files {
        let source = decided.schema.source(file);
        let file = &decided.schema.files[file];
        for service in &decided.schema.services[file.services.clone()] {
            let scope = ServiceScope { package: &package.name, source: &source, decided };
            let mut service = scope.service(service, &modules.next().unwrap_or_default(), errors);
            service.deprecated |= file.descriptor.is_deprecated();
            package.services.push(service);
        }
    }
}

/// The names from which the modules of each service are made, beside those of messages and of the packages below.
fn modules(package: &Package, decided: &Decisions<'_>, children: &Children<'_>) -> Vec<String> {
    let Decisions { schema, names, options, kept, .. } = decided;
    let mut scope = Scope::default();
    for &message in package.files.iter().flat_map(|&file| &schema.files[file].top_messages) {
        if kept.has_module(schema, message) {
            scope.reserve(Namespace::Type, names::snake(names.of(NamedElement::Message(message))));
        }
    }
    for child in children.get(&*package.name).into_iter().flatten() {
        scope.reserve(Namespace::Type, names::snake(child));
    }
    let services = package.files.iter().flat_map(|&file| &schema.services[schema.files[file].services.clone()]);
    let services: Vec<_> = services.map(|service| named(&service.at.full_name, options)).collect();
    let suffixes =
        [Some("methods"), options.build_client.then_some("client"), options.build_server.then_some("server")];
    let suffixes: Vec<&str> = suffixes.into_iter().flatten().collect();
    let allocated = scope.allocate(&services, |(), name| {
        let module = |suffix: &&str| (Namespace::Type, format!("{}_{suffix}", names::snake(name)));
        Some(suffixes.iter().map(module).collect())
    });
    let wanted = services.into_iter().map(|service| service.pin.unwrap_or_else(|| service.name.to_owned()));
    allocated.into_iter().zip(wanted).map(|(name, wanted)| name.unwrap_or(wanted)).collect()
}

/// An element with this full name, with what the user wants for it.
fn named<'a>(full_name: &'a str, options: &Options) -> Candidate<'a, ()> {
    let pin = options.rename.get(full_name).cloned();
    Candidate { name: last_part(full_name), pin, shape: () }
}

struct ServiceScope<'a> {
    package: &'a str,
    source: &'a Source<'a>,
    decided: &'a Decisions<'a>,
}

impl ServiceScope<'_> {
    fn service(&self, service: &schema::Service<'_>, module: &str, errors: &mut Errors) -> Service {
        let (descriptor, path) = (&service.descriptor, &service.at.path);
        let full_name = service.at.display_name().to_owned();
        let name = self.pin(&full_name).unwrap_or(descriptor.name());
        let camel = names::upper_camel(name);
        let module = |suffix: &str| Name::new(format!("{}_{suffix}", names::snake(module)));
        let proto_name = format!(".{full_name}");
        let names = [&*proto_name, proto_name.rsplit_once('.').map_or("", |(package, _)| package)];
        let attributes = |rules: &PathRules| rules.values(&names).collect::<Attributes>();
        let docs = self.docs(path, &proto_name, &format!("Service `{full_name}` of `{}`.", self.source.file()));
        let client = self.decided.options.build_client.then(|| Client {
            docs: docs.clone(),
            module_attributes: attributes(&self.decided.options.client_mod_attribute)
                .behind(self.decided.options.client_feature.as_ref()),
            attributes: attributes(&self.decided.options.client_attribute),
            module: module("client"),
            name: Name::new(format!("{camel}Client")),
        });
        let server = self.decided.options.build_server.then(|| Server {
            docs,
            module_attributes: attributes(&self.decided.options.server_mod_attribute)
                .behind(self.decided.options.server_feature.as_ref()),
            attributes: attributes(&self.decided.options.server_attribute),
            trait_attributes: attributes(&self.decided.options.trait_attribute),
            module: module("server"),
            trait_: Name::new(&*camel),
            dyn_trait: self.decided.options.dyn_trait.then(|| Name::new(format!("{camel}Dyn"))),
            parameter: Name::new(if camel == "T" { "S" } else { "T" }),
            name: Name::new(format!("{camel}Server")),
            routes: Name::new(format!("{camel}Routes")),
            bodies: if self.decided.options.generate_default_stubs {
                DefaultBodies::Unimplemented
            } else {
                DefaultBodies::Required
            },
        });
        Service {
            descriptors: module("methods"),
            deprecated: descriptor.is_deprecated(),
            client,
            server,
            methods: self.methods(&descriptor.method, path, &full_name, errors),
            custom_options: if self.decided.options.custom_options { descriptor.options.custom() } else { Vec::new() },
            wire_name: wire_name(&full_name, self.decided.options).to_owned(),
            full_name,
        }
    }

    fn methods(
        &self,
        descriptors: &[MethodDescriptorProto<'_>],
        service: &Path,
        full_name: &str,
        errors: &mut Errors,
    ) -> Vec<Method> {
        // `new` is the client's constructor, `SERVICE` the descriptor of the service.
        let mut scope = Scope::default();
        scope.reserve(Namespace::Method, "new".to_owned());
        scope.reserve(Namespace::Constant, "SERVICE".to_owned());
        let full_names = descriptors.iter().map(|method| format!(".{full_name}.{}", method.name()));
        let full_names: Vec<String> = full_names.collect();
        let elements: Vec<_> = full_names.iter().map(|full_name| named(full_name, self.decided.options)).collect();
        let functions = scope.allocate(&elements, |(), name| Some(vec![(Namespace::Method, names::snake(name))]));
        let constants = scope.allocate(&elements, |(), name| Some(vec![(Namespace::Constant, names::shouty(name))]));
        let method = |(index, descriptor): (usize, &MethodDescriptorProto<'_>)| {
            let [name, constant] =
                [&functions, &constants].map(|names| names[index].as_deref().unwrap_or(descriptor.name()));
            let proto_name = &full_names[index];
            if let Some(pin) = elements[index].pin.as_deref().filter(|&pin| pin != name || pin != constant) {
                errors.push(renames::taken(self.source.position(&service.method(index)), proto_name, pin));
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
                custom_options: if self.decided.options.custom_options {
                    descriptor.options.custom()
                } else {
                    Vec::new()
                },
                request: self.ty(descriptor.input_type()),
                response: self.ty(descriptor.output_type()),
            }
        };
        descriptors.iter().enumerate().map(method).collect()
    }

    /// The type of requests or responses, as the module of the service names it.
    fn ty(&self, full_name: &str) -> RustType {
        let Decisions { schema, names, externs, .. } = self.decided;
        let generated = || {
            let segments = schema.resolve(full_name).map(|symbol| names.segments(symbol)).unwrap_or_default();
            RustType::below(self.package, &segments)
        };
        externs.resolve(full_name).map_or_else(generated, |path| RustType::absolute(&path))
    }

    /// The name that the user wants for a service or a method.
    fn pin(&self, full_name: &str) -> Option<&str> {
        self.decided.options.rename.get(&format!(".{full_name}")).map(String::as_str)
    }

    /// The comment of an element, and below it which one it is.
    fn docs(&self, path: &Path, proto_name: &str, element: &str) -> Docs {
        let comment =
            self.source.comment(path).filter(|_| !self.decided.options.disable_comments.select(&[proto_name]));
        let mut docs = comment.as_deref().map(rustdoc).unwrap_or_default();
        docs.extend([if docs.is_empty() { "" } else { "\n\n" }, " ", element]);
        docs
    }
}

/// The name of a service that calls have on the wire.
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
