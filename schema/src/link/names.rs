//! Full names of elements, and the lookup of elements by name.

use super::elements::{Element, FILE};
use super::symbols::{Id, Named, Package, ROOT};
use super::world::World;

impl World<'_> {
    /// Returns the name with package and parents: `user.v1.User.id`. The values of an enum are beside it.
    pub fn full_name(&self, id: Id) -> String {
        let mut name = String::with_capacity(64);
        self.write_full_name(id, &mut name);
        name
    }

    pub fn write_full_name(&self, id: Id, out: &mut String) {
        let entry = self.entry(id);
        let scope = match entry.element {
            Element::File(_) => return out.push_str(entry.name()),
            Element::Range(_) => return self.write_full_name(self.parent(id), out),
            Element::Value(_) => self.parent(self.parent(id)),
            _ => self.parent(id),
        };
        let start = out.len();
        self.write_full_name(scope, out);
        if out.len() > start {
            out.push('.');
        }
        out.push_str(entry.name());
    }

    pub fn package_name(&self, package: Package) -> String {
        let name = self.files[self.symbols.first_file(package) as usize].entry(FILE).name();
        let depth = self.symbols.parents(package).count();
        name.split('.').take(depth).collect::<Vec<_>>().join(".")
    }

    /// Returns what has a name within an element or a package, seen or not.
    pub fn member(&self, of: Named, name: &str) -> Option<Named> {
        match of {
            Named::Package(package) => self.symbols.get(package, name),
            Named::Element(id) => {
                let element = *self.files[id.file as usize].names.get(&(id.element, name))?;
                Some(Named::Element(Id { element, ..id }))
            }
        }
    }

    /// Returns what has a name with all of its parents, seen or not.
    pub fn absolute(&self, name: &str) -> Option<Named> {
        self.within(Named::Package(ROOT), name)
    }

    /// Does the same for a file: the bundled descriptor.proto means itself, whatever else has its names.
    pub fn absolute_for(&self, file: u32, name: &str) -> Option<Named> {
        match name.strip_prefix("google.protobuf.") {
            Some(name) if self.is_hidden(file) => self.bundled(name),
            _ => self.absolute(name),
        }
    }

    /// Returns what has a name of one or more parts within something.
    pub fn within(&self, of: Named, name: &str) -> Option<Named> {
        name.split('.').try_fold(of, |of, part| self.member(of, part))
    }

    /// Returns a message of descriptor.proto: the one among the files, or else the bundled one.
    pub fn descriptor_message(&self, name: &str) -> Option<Id> {
        let seen = self.absolute("google.protobuf").and_then(|package| self.member(package, name));
        match seen.or_else(|| self.bundled(name))? {
            Named::Element(id) if self.message(id).is_some() => Some(id),
            _ => None,
        }
    }

    /// Returns the message of descriptor.proto that holds the options of an element.
    pub fn options_message(&self, element: Element<'_>) -> Option<Id> {
        self.descriptor_message(match element {
            Element::File(_) => "FileOptions",
            Element::Message(..) => "MessageOptions",
            Element::Field(_) | Element::Extension(_) => "FieldOptions",
            Element::Oneof(_) => "OneofOptions",
            Element::Enum(_) => "EnumOptions",
            Element::Value(_) => "EnumValueOptions",
            Element::Range(_) => "ExtensionRangeOptions",
            Element::Service(_) => "ServiceOptions",
            Element::Method(_) => "MethodOptions",
        })
    }

    /// Returns what the bundled descriptor.proto declares by a name without its package.
    fn bundled(&self, name: &str) -> Option<Named> {
        self.within(Named::Element(Id { file: self.hidden?, element: FILE }), name)
    }
}
