//! Proto names that would clash in prost's Rust, or be none, get a suffix: lowered files go in, and are changed so
//! that prost's Rust compiles; the list of changes comes out.
//!
//! Neither the wire nor what is generated depends on these names, with one exception: prost-build writes the name of
//! an enum value into `as_str_name` and `from_str_name`, where the caller has to put the original back.

mod members;
mod references;
mod rust;
mod scope;
#[cfg(test)]
mod tests;
mod types;
mod values;

use std::collections::BTreeMap;

use prost_types::FileDescriptorProto;

use self::scope::Element;
use super::Rename;
use crate::full_name;
use crate::options::Options;

/// Renames what clashes, follows the renamed in every reference, and returns what was renamed, sorted.
///
/// The defaults of fields are references too: prost-build drops the aliases of an enum value, so that a default which
/// names one has to name the value instead.
pub(super) fn repair(files: &mut [FileDescriptorProto], options: &Options) -> Vec<Rename> {
    let mut renamed = types::repair(files, options);
    references::follow(files, &renamed);
    renamed.renames.sort_unstable();
    renamed.renames
}

/// What changed, and what the user wants to be changed.
#[derive(Debug)]
struct Renamed<'a> {
    options: &'a Options,
    renames: Vec<Rename>,
    /// Messages and enums, those nested in a renamed one included: `.pkg.Foo.Bar` is now `.pkg.Foo_2.Bar`.
    types: BTreeMap<String, String>,
    /// By the new name of the enum and the old name of a value: the name under which prost knows the value.
    values: BTreeMap<String, BTreeMap<String, String>>,
}

/// The name of a scope or an element: as declared, and as it is now.
#[derive(Debug, Clone)]
struct Place {
    /// `.pkg.Foo`
    declared: String,
    /// `.pkg.Foo_2`
    lowered: String,
}

impl Place {
    fn package(name: &str) -> Self {
        let scope = full_name::scope(name);
        Self { declared: scope.clone(), lowered: scope }
    }

    fn child(&self, declared: &str, lowered: &str) -> Self {
        Self { declared: format!("{}.{declared}", self.declared), lowered: format!("{}.{lowered}", self.lowered) }
    }
}

impl<'a> Renamed<'a> {
    fn new(options: &'a Options) -> Self {
        Self { options, renames: Vec::new(), types: BTreeMap::new(), values: BTreeMap::new() }
    }

    /// These changes and those of another package.
    fn and(mut self, other: Self) -> Self {
        self.renames.extend(other.renames);
        self.types.extend(other.types);
        self.values.extend(other.values);
        self
    }

    /// An element of this scope, declared with this name, with what the user wants for it.
    fn element<T>(&self, place: &Place, name: &str, shape: T) -> Element<T> {
        let pin = self.options.renames.get(&format!("{}.{name}", place.declared)).cloned();
        Element { name: name.to_owned(), pin, shape }
    }

    /// Gives the element of this scope its new name, if it has one.
    fn apply(&mut self, place: &Place, name: &mut Option<String>, new: Option<String>) {
        if let Some(new) = new {
            let full_name = format!("{}.{}", place.declared, name.as_deref().unwrap_or_default());
            self.renames.push(Rename { full_name, name: new.clone() });
            *name = Some(new);
        }
    }
}
