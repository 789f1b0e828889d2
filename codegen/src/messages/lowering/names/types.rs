//! Messages and enums of one module, and the modules of messages beside them.

use std::collections::{BTreeMap, BTreeSet};

use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};

use super::scope::{Claims, Namespace, Scope};
use super::{Place, Renamed, members, rust, values};
use crate::messages::shape::{is_map_entry, oneof_index};
use crate::options::Options;
use crate::parallel;

/// A module's path as prost spells it; packages that differ in case only share one.
type Module = Vec<String>;

enum Type<'a> {
    Message(&'a mut DescriptorProto),
    Enum(&'a mut EnumDescriptorProto),
}

/// What decides which Rust names a type needs.
enum Shape {
    Message,
    MessageWithModule,
    Enum,
    MapEntry,
}

/// Repairs the types of every package, and all that they contain.
pub(super) fn repair<'a>(files: &mut [FileDescriptorProto], options: &'a Options) -> Renamed<'a> {
    let mut packages: BTreeMap<Module, Vec<&mut FileDescriptorProto>> = BTreeMap::new();
    for file in files {
        packages.entry(module(file.package())).or_default().push(file);
    }
    let children = children(packages.keys());
    let mut packages: Vec<_> = packages.into_iter().collect();
    let changes = parallel::map_mut(&mut packages, |(module, files)| {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let mut scope = Scope::default();
        for child in children.get(module).into_iter().flatten() {
            scope.reserve(Namespace::Type, child.clone());
        }
        let types = files.iter_mut().flat_map(|file| {
            let place = Place::package(file.package.as_deref().unwrap_or_default());
            types(&mut file.message_type, &mut file.enum_type).map(move |ty| (place.clone(), ty))
        });
        let mut renamed = Renamed::new(options);
        repair_module(types.collect(), &mut scope, &mut renamed);
        renamed
    });
    changes.into_iter().fold(Renamed::new(options), Renamed::and)
}

fn module(package: &str) -> Module {
    package.split('.').filter_map(rust::snake).collect()
}

/// The modules of packages, by the module they are in.
fn children<'a>(modules: impl Iterator<Item = &'a Module>) -> BTreeMap<Module, BTreeSet<String>> {
    let mut children: BTreeMap<Module, BTreeSet<String>> = BTreeMap::new();
    for module in modules {
        let mut module = &**module;
        while let [parent @ .., child] = module {
            children.entry(parent.to_vec()).or_default().insert(child.clone());
            module = parent;
        }
    }
    children
}

fn types<'a>(
    messages: &'a mut [DescriptorProto],
    enums: &'a mut [EnumDescriptorProto],
) -> impl Iterator<Item = Type<'a>> {
    messages.iter_mut().map(Type::Message).chain(enums.iter_mut().map(Type::Enum))
}

fn repair_module(types: Vec<(Place, Type<'_>)>, scope: &mut Scope, renamed: &mut Renamed<'_>) {
    let elements: Vec<_> = types.iter().map(|(place, ty)| renamed.element(place, ty.name(), ty.shape())).collect();
    let names = scope.allocate(&elements, claims);
    for ((scope, mut ty), new) in types.into_iter().zip(names) {
        let declared = ty.name().to_owned();
        renamed.apply(&scope, ty.name_mut(), new);
        let place = scope.child(&declared, ty.name());
        if place.declared != place.lowered {
            renamed.types.insert(place.declared.clone(), place.lowered.clone());
        }
        match ty {
            Type::Message(message) => repair_message(message, &place, renamed),
            Type::Enum(enumeration) => values::repair(enumeration, &place, renamed),
        }
    }
}

/// What is nested in a message, then its fields, whose oneofs have to find a name beside the nested.
fn repair_message(message: &mut DescriptorProto, place: &Place, renamed: &mut Renamed<'_>) {
    let mut scope = Scope::default();
    let nested = types(&mut message.nested_type, &mut message.enum_type);
    repair_module(nested.map(|ty| (place.clone(), ty)).collect(), &mut scope, renamed);
    members::repair(message, place, &mut scope, renamed);
}

fn claims(shape: &Shape, name: &str) -> Claims {
    let ty = || Some((Namespace::Type, rust::upper_camel(name)?));
    match shape {
        Shape::Message | Shape::Enum => Some(vec![ty()?]),
        Shape::MessageWithModule => Some(vec![ty()?, (Namespace::Type, rust::snake(name)?)]),
        Shape::MapEntry => Some(Vec::new()),
    }
}

impl Type<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Message(message) => message.name(),
            Self::Enum(enumeration) => enumeration.name(),
        }
    }

    fn name_mut(&mut self) -> &mut Option<String> {
        match self {
            Self::Message(message) => &mut message.name,
            Self::Enum(enumeration) => &mut enumeration.name,
        }
    }

    fn shape(&self) -> Shape {
        match self {
            Self::Message(message) if is_map_entry(message) => Shape::MapEntry,
            Self::Message(message) if has_module(message) => Shape::MessageWithModule,
            Self::Message(_) => Shape::Message,
            Self::Enum(_) => Shape::Enum,
        }
    }
}

fn has_module(message: &DescriptorProto) -> bool {
    !message.enum_type.is_empty()
        || message.nested_type.iter().any(|nested| !is_map_entry(nested))
        || message.field.iter().any(|field| oneof_index(field).is_some())
}
