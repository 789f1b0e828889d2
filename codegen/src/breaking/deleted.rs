//! Messages, enums, services and extensions that a file or a package no longer has, and files and packages that have
//! gone.

use std::collections::{BTreeMap, BTreeSet};

use super::elements::{Element, shown};
use super::report::{Both, Place, Placed, Report};
use super::schema::Schema;
use crate::descriptor::google::protobuf::FileDescriptorProto;
use crate::full_name;
use crate::source::Path;

/// What an element is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    File,
    Package,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Message,
    Enum,
    Service,
    Extension,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Enum => "enum",
            Self::Service => "service",
            Self::Extension => "extension",
        }
    }

    /// All of them, by full name.
    fn places<'s>(self, schema: &'s Schema<'_>) -> BTreeMap<&'s str, &'s Place> {
        fn of<'s, E: Placed + 's>(elements: impl Iterator<Item = &'s E>) -> BTreeMap<&'s str, &'s Place> {
            elements.map(|element| (element.full_name(), element.place())).collect()
        }
        match self {
            Self::Message => of(schema.messages.values()),
            Self::Enum => of(schema.enums.values()),
            Self::Service => of(schema.services.values()),
            Self::Extension => of(schema.fields.values().filter(|field| field.message.is_none())),
        }
    }
}

type File<'s, 'a> = &'s Element<'a, FileDescriptorProto>;

/// A scope that has gone altogether is a matter of another rule.
pub(super) fn check(schemas: &Both<&Schema<'_>>, scope: Scope, kind: Kind, report: &mut Report<'_>) {
    let places = schemas.map(|schema| kind.places(schema));
    let packages: BTreeSet<&str> = schemas.new.files.values().map(|file| file.proto.package()).collect();
    for (&name, &place) in places.old.iter().filter(|(_, place)| schemas.old.is_compared(place.file, schemas.new)) {
        let old_file = schemas.old.file(place.file);
        let new_file = schemas.new.files.get(&old_file.name);
        let nested = name.strip_prefix(&*full_name::scope(old_file.proto.package())).unwrap_or(name);
        let package = old_file.proto.package();
        let (is_deleted, from) = match (scope, new_file) {
            (Scope::File, None) => continue,
            (Scope::File, Some(file)) => {
                let wanted = format!("{}{nested}", full_name::scope(file.proto.package()));
                let found = places.new.get(&*wanted).is_some_and(|place| place.file == file.place.file);
                (!found, format!("file `{}`", old_file.name))
            }
            (Scope::Package, _) => {
                (packages.contains(package) && !places.new.contains_key(name), format!("package `{package}`"))
            }
        };
        if is_deleted {
            let left = left(schemas, place, name);
            let message = format!("{} `{}` was deleted from {from}", kind.name(), shown(name));
            report.push(name, Some(place.clone()), left, message);
        }
    }
}

/// What is left around an element that has gone: the innermost message of the file that it was declared in, or the file.
pub(super) fn left(schemas: &Both<&Schema<'_>>, old: &Place, name: &str) -> Option<Place> {
    let old_file = schemas.old.file(old.file);
    let file = schemas.new.files.get(&old_file.name)?;
    let nested = name.strip_prefix(&*full_name::scope(old_file.proto.package())).unwrap_or(name);
    let package = full_name::scope(file.proto.package());
    let scopes = nested.rmatch_indices('.').map(|(dot, _)| format!("{package}{}", &nested[..dot]));
    let mut places = scopes.filter_map(|scope| Some(&schemas.new.messages.get(&scope)?.place));
    Some(places.find(|place| place.file == file.place.file).unwrap_or(&file.place).clone())
}

pub(super) fn files(schemas: &Both<&Schema<'_>>, report: &mut Report<'_>) {
    for file in compared(schemas).filter(|file| !schemas.new.files.contains_key(&file.name)) {
        report.push(&file.name, Some(file.place.clone()), None, format!("file `{}` was deleted", file.name));
    }
}

pub(super) fn packages(schemas: &Both<&Schema<'_>>, report: &mut Report<'_>) {
    let mut packages: BTreeMap<&str, &Place> = BTreeMap::new();
    for file in compared(schemas) {
        packages.entry(file.proto.package()).or_insert(&file.place);
    }
    packages.retain(|package, _| schemas.new.files.values().all(|file| file.proto.package() != *package));
    for (package, place) in packages {
        let path = Path::package();
        let place = Place { file: place.file, path };
        report.push(&full_name::scope(package), Some(place), None, format!("package `{package}` was deleted"));
    }
}

fn compared<'s, 'a>(schemas: &Both<&'s Schema<'a>>) -> impl Iterator<Item = File<'s, 'a>> {
    let Both { old, new } = *schemas;
    old.files.values().filter(move |file| old.is_compared(file.place.file, new))
}
