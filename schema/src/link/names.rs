//! Full names of elements, and the lookup of elements by name.

use super::elements::{Element, FILE};
use super::pool::Pool;
use super::symbols::{Definition, Id, Package, ROOT};

impl Pool<'_> {
    /// Returns the full name of an element, without a leading dot: `user.v1.User.id`. Enum values are in the scope of their enum.
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

    /// Returns the member of an element or a package with a name, visible or not.
    pub fn member(&self, of: Definition, name: &str) -> Option<Definition> {
        match of {
            Definition::Package(package) => self.symbols.get(package, name),
            Definition::Element(id) => {
                let element = *self.files[id.file as usize].names.get(&(id.element, name))?;
                Some(Definition::Element(Id { element, ..id }))
            }
        }
    }

    /// Returns the element or package with a full name, visible or not.
    pub fn absolute(&self, name: &str) -> Option<Definition> {
        self.within(Definition::Package(ROOT), name)
    }

    /// Like [`absolute`](Self::absolute), for a name in a file: the bundled descriptor.proto refers to its own elements.
    pub fn absolute_for(&self, file: u32, name: &str) -> Option<Definition> {
        match name.strip_prefix("google.protobuf.") {
            Some(name) if self.is_hidden(file) => self.bundled(name),
            _ => self.absolute(name),
        }
    }

    /// Returns the element or package with a relative name of one or more parts.
    pub fn within(&self, of: Definition, name: &str) -> Option<Definition> {
        name.split('.').try_fold(of, |of, part| self.member(of, part))
    }

    /// Returns a message of descriptor.proto: the one among the files, or else the bundled one.
    pub fn descriptor_message(&self, name: &str) -> Option<Id> {
        let seen = self.absolute("google.protobuf").and_then(|package| self.member(package, name));
        match seen.or_else(|| self.bundled(name))? {
            Definition::Element(id) if self.message(id).is_some() => Some(id),
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

    /// Returns an element of the bundled descriptor.proto, by its name without the package.
    fn bundled(&self, name: &str) -> Option<Definition> {
        self.within(Definition::Element(Id { file: self.hidden?, element: FILE }), name)
    }
}
