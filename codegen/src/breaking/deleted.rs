//! The rules about deletion: of elements from a file or a package, and of files and packages.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::full_name::{self, display_name};
use rgrpc_schema::source::Path;

use super::elements::{Elements, File, Located, Owner};
use super::location::Location;
use super::report::Report;
use super::versions::Versions;

/// The scope that an element must not be deleted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    File,
    Package,
}

/// The kind of the deleted element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deletable {
    Message,
    Enum,
    Service,
    Extension,
}

impl Deletable {
    fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Enum => "enum",
            Self::Service => "service",
            Self::Extension => "extension",
        }
    }

    /// The locations of all elements of this kind, by full name.
    fn locations(self, elements: &Elements<'_>) -> BTreeMap<String, Location> {
        fn of<E: Located>(elements: impl Iterator<Item = E>) -> BTreeMap<String, Location> {
            elements.map(|element| (element.full_name(), element.location())).collect()
        }
        let fields = elements.fields.iter();
        let extensions = fields.filter(|((owner, _), _)| matches!(owner, Owner::Extended(_))).map(|(_, field)| field);
        match self {
            Self::Message => of(elements.messages.values()),
            Self::Enum => of(elements.enums.values()),
            Self::Service => of(elements.services.values()),
            Self::Extension => of(extensions),
        }
    }
}

/// Reports elements that were deleted from their scope. The deletion of the scope itself is left to another rule.
pub(super) fn check(elements: &Versions<Elements<'_>>, scope: Within, kind: Deletable, report: &mut Report<'_>) {
    let Versions { old, new } = elements;
    let locations = elements.map(|elements| kind.locations(elements));
    let packages: BTreeSet<&str> = new.files.values().map(|file| file.descriptor.package()).collect();
    for (name, location) in &locations.old {
        if !old.version.is_compared(location.file, new.version) {
            continue;
        }
        let old_file = &old.version.schema.files[location.file].descriptor;
        let package = old_file.package();
        let (is_deleted, from) = match (scope, new.files.get(old_file.name())) {
            (Within::File, None) => continue,
            (Within::File, Some(file)) => {
                let nested = name.strip_prefix(&*full_name::scope(package)).unwrap_or(name);
                let wanted = format!("{}{nested}", full_name::scope(file.descriptor.package()));
                let is_found = locations.new.get(&wanted).is_some_and(|location| location.file == file.index);
                (!is_found, format!("file `{}`", old_file.name()))
            }
            (Within::Package, _) => {
                (packages.contains(package) && !locations.new.contains_key(name), format!("package `{package}`"))
            }
        };
        if is_deleted {
            let message = format!("{} `{}` was deleted from {from}", kind.name(), display_name(name));
            report.push(name, Some(location.clone()), nearest_remaining(elements, location, name), message);
        }
    }
}

/// The innermost remaining element around a deleted one: a message of the same file, or the file itself.
pub(super) fn nearest_remaining(elements: &Versions<Elements<'_>>, old: &Location, name: &str) -> Option<Location> {
    let old_file = &elements.old.version.schema.files[old.file].descriptor;
    let file = elements.new.files.get(old_file.name())?;
    let nested = name.strip_prefix(&*full_name::scope(old_file.package())).unwrap_or(name);
    let package = full_name::scope(file.descriptor.package());
    let scopes = nested.rmatch_indices('.').map(|(dot, _)| format!("{package}{}", &nested[..dot]));
    let mut messages = scopes.filter_map(|scope| elements.new.messages.get(&*scope));
    let message = messages.find(|message| message.at.file == file.index);
    Some(message.map_or_else(|| file.location(), Located::location))
}

pub(super) fn files(elements: &Versions<Elements<'_>>, report: &mut Report<'_>) {
    for file in compared(elements).filter(|file| !elements.new.files.contains_key(file.descriptor.name())) {
        let name = file.descriptor.name();
        report.push(name, Some(file.location()), None, format!("file `{name}` was deleted"));
    }
}

pub(super) fn packages(elements: &Versions<Elements<'_>>, report: &mut Report<'_>) {
    let mut packages: BTreeMap<&str, usize> = BTreeMap::new();
    for file in compared(elements) {
        packages.entry(file.descriptor.package()).or_insert(file.index);
    }
    packages.retain(|package, _| elements.new.files.values().all(|file| file.descriptor.package() != *package));
    for (package, file) in packages {
        let location = Location { file, path: Path::package() };
        report.push(&full_name::scope(package), Some(location), None, format!("package `{package}` was deleted"));
    }
}

fn compared<'e, 'v>(elements: &'e Versions<Elements<'v>>) -> impl Iterator<Item = &'e File<'v>> {
    let Versions { old, new } = elements;
    old.files.values().filter(|file| old.version.is_compared(file.index, new.version))
}
