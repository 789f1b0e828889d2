//! Allocates the names of messages and enums, of the modules of messages, and of extensions, module by module.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rgrpc_schema::parallel::{self, Work};
use rgrpc_schema::schema::{EnumId, MessageId, Schema, Symbol};

use super::namer::Namer;
use super::{NamedElement, members, rust, values};
use crate::lower::unknown_fields::UnknownFields;
use crate::names::scope::{Claims, Namespace, Scope};
use crate::options::Options;

/// The constants that the generator itself may emit in the module of a package.
const PACKAGE_CONSTANTS: &[&str] = &["FILE_DESCRIPTOR_SET", "GENERATED_CONFIG", "SERVICE_CONFIG"];

/// The path of a module, as spelled in Rust: packages whose names differ only in case share one.
type ModulePath = Vec<String>;

/// The properties that decide which Rust names a type needs.
enum TypeShape {
    Message,
    MessageWithModule,
    Enum,
    MapEntry,
}

/// Allocates the names of all types and of everything in them, package by package.
pub(super) fn allocate<'a>(
    schema: &'a Schema<'a>,
    options: &'a Options,
    unknown_fields: &'a UnknownFields,
) -> Vec<Namer<'a>> {
    let mut packages: BTreeMap<ModulePath, Vec<usize>> = BTreeMap::new();
    for (index, file) in schema.files.iter().enumerate() {
        packages.entry(module(file.descriptor.package())).or_default().push(index);
    }
    let children = children(packages.keys());
    let mut packages: Vec<_> = packages.into_iter().collect();
    parallel::map_mut(Work::Little, &mut packages, |(module, files)| {
        files.sort_by_key(|&file| schema.files[file].descriptor.name());
        let mut scope = Scope::default();
        for child in children.get(module).into_iter().flatten() {
            scope.reserve(Namespace::Type, child.clone());
        }
        let types = files.iter().map(|&file| &schema.files[file]);
        let types = types.flat_map(|file| types_of(&file.top_messages, &file.top_enums)).collect();
        let mut namer = Namer::new(schema, options, unknown_fields);
        namer.types(types, &mut scope);
        for constant in PACKAGE_CONSTANTS {
            scope.reserve(Namespace::Constant, (*constant).to_owned());
        }
        namer.extensions(files.iter().flat_map(|&file| schema.top_extensions(file)), &mut scope);
        namer
    })
}

fn module(package: &str) -> ModulePath {
    package.split('.').filter_map(rust::snake).collect()
}

/// The child modules of each module.
fn children<'a>(modules: impl Iterator<Item = &'a ModulePath>) -> BTreeMap<ModulePath, BTreeSet<String>> {
    let mut children: BTreeMap<ModulePath, BTreeSet<String>> = BTreeMap::new();
    for module in modules {
        let mut module = &**module;
        while let [parent @ .., child] = module {
            children.entry(parent.to_vec()).or_default().insert(child.clone());
            module = parent;
        }
    }
    children
}

fn types_of<'a>(messages: &'a [MessageId], enums: &Range<EnumId>) -> impl Iterator<Item = Symbol> + use<'a> {
    let messages = messages.iter().map(|&message| Symbol::Message(message));
    messages.chain(enums.clone().map(Symbol::Enum))
}

impl Namer<'_> {
    fn types(&mut self, types: Vec<Symbol>, scope: &mut Scope) {
        let elements: Vec<_> = types
            .iter()
            .map(|&ty| {
                let full_name = &self.schema.place(ty).full_name;
                let (scope, name) = full_name.rsplit_once('.').unwrap_or_default();
                self.element(scope, name, self.shape(ty))
            })
            .collect();
        let names = scope.allocate(&elements, claims);
        for (ty, name) in types.into_iter().zip(names) {
            match ty {
                Symbol::Message(message) => {
                    self.rename(NamedElement::Message(message), name);
                    self.message(message);
                }
                Symbol::Enum(enumeration) => {
                    self.rename(NamedElement::Enum(enumeration), name);
                    values::allocate(self, enumeration);
                }
                Symbol::Service(_) => {}
            }
        }
    }

    fn extensions(&mut self, all: impl Iterator<Item = usize>, scope: &mut Scope) {
        let (schema, unknown_fields) = (self.schema, self.unknown_fields);
        let usable = all.flat_map(|extension| unknown_fields.usable_extensions(schema, extension..extension + 1));
        let usable: Vec<usize> = usable.collect();
        let element = |&extension: &usize| {
            let (scope, name) = schema.extensions[extension].at.full_name.rsplit_once('.').unwrap_or_default();
            self.element(scope, name, ())
        };
        let elements: Vec<_> = usable.iter().map(element).collect();
        let names = scope.allocate(&elements, |(), name| Some(vec![(Namespace::Constant, rust::constant(name)?)]));
        for (extension, name) in usable.into_iter().zip(names) {
            self.rename(NamedElement::Extension(extension), name);
        }
    }

    /// Allocates the names in a message: first those of the nested types, with which the enums of oneofs must not clash.
    fn message(&mut self, message: MessageId) {
        let mut scope = Scope::default();
        let declared = &self.schema.messages[message];
        self.types(types_of(&declared.nested, &declared.enums).collect(), &mut scope);
        self.extensions(declared.extensions.clone(), &mut scope);
        members::allocate(self, message, &mut scope);
    }

    fn shape(&self, ty: Symbol) -> TypeShape {
        match ty {
            Symbol::Message(message) if self.schema.messages[message].is_map_entry => TypeShape::MapEntry,
            Symbol::Message(message) if self.unknown_fields.has_module(self.schema, message) => {
                TypeShape::MessageWithModule
            }
            Symbol::Message(_) => TypeShape::Message,
            Symbol::Enum(_) | Symbol::Service(_) => TypeShape::Enum,
        }
    }
}

fn claims(shape: &TypeShape, name: &str) -> Claims {
    let ty = || Some((Namespace::Type, rust::upper_camel(name)?));
    match shape {
        TypeShape::Message | TypeShape::Enum => Some(vec![ty()?]),
        TypeShape::MessageWithModule => Some(vec![ty()?, (Namespace::Type, rust::snake(name)?)]),
        TypeShape::MapEntry => Some(Vec::new()),
    }
}
