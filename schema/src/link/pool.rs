//! The files that are linked, and the results of the passes so far.

use std::collections::HashMap;

use super::dependencies::Dependencies;
use super::elements::{Element, Elements, Entry, FILE, as_u32};
use super::features::{Features, edition, inferred};
use super::order::Sorted;
use super::symbols::{Clash, Definition, Id, SymbolTable};
use crate::file::{EnumDecl, FieldDecl, File, Kind, MessageDecl, Syntax};
use crate::parallel::{self, Work};
use crate::wire;

/// The elements that the names of a field or a method resolve to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Link {
    /// The type of a field, the input of a method.
    pub target: Option<Id>,
    /// The extendee of an extension, the output of a method.
    pub other: Option<Id>,
    /// The type of a field; `None` if its name does not resolve.
    pub kind: Option<Kind>,
}

/// All files, with the results of the passes, which fill the fields from top to bottom.
pub(super) struct Pool<'a> {
    /// The bundled descriptor.proto, if the files have none. No file can see it.
    pub hidden: Option<u32>,
    pub files: Vec<Elements<'a>>,
    pub symbols: SymbolTable<'a>,
    /// The files that each file imports; `None` for a missing one.
    pub imports: Vec<Vec<Option<u32>>>,
    pub dependencies: Vec<Dependencies>,
    pub links: Vec<Vec<Link>>,
    /// The extensions by extendee and number.
    pub extensions: HashMap<(Id, i32), Id>,
    pub features: Vec<Vec<Features>>,
    /// The serialized options of each element, as far as they are interpreted.
    pub options: Vec<Vec<Vec<u8>>>,
}

impl<'a> Pool<'a> {
    /// Indexes the files; returns the clashes between them too, by file. The last file may be the bundled descriptor.proto.
    pub fn build(all: &[&'a File], sorted: &Sorted) -> (Self, Vec<Vec<Clash>>) {
        let numbered: Vec<_> = all.iter().enumerate().map(|(index, file)| (as_u32(index), *file)).collect();
        let files = parallel::map(Work::Little, &numbered, |&(index, file)| Elements::new(index, file));
        let options = files.iter().map(Elements::decoded_options).collect();
        let (symbols, clashes) = SymbolTable::build(&files);
        let mut imports = sorted.imports.clone();
        imports.resize(all.len(), Vec::new());
        let dependencies = numbered.iter().map(|&(file, _)| Dependencies::new(file, all, &imports, &symbols)).collect();
        let hidden = (all.len() > sorted.files.len()).then(|| as_u32(sorted.files.len()));
        let (links, extensions, features) = (Vec::new(), HashMap::new(), Vec::new());
        (Self { hidden, files, symbols, imports, dependencies, links, extensions, features, options }, clashes)
    }

    pub fn entry(&self, id: Id) -> &Entry<'a> {
        self.files[id.file as usize].entry(id.element)
    }

    pub fn name(&self, id: Id) -> &'a str {
        self.entry(id).name()
    }

    pub fn file(&self, file: u32) -> &'a File {
        self.files[file as usize].file
    }

    pub fn parent(&self, id: Id) -> Id {
        Id { element: self.entry(id).parent, ..id }
    }

    pub fn message(&self, id: Id) -> Option<&'a MessageDecl> {
        self.entry(id).message()
    }

    /// Returns the index of the extension range of a message that contains a number.
    pub fn extension_range(&self, message: Id, number: i32) -> Option<usize> {
        let ranges = self.files[message.file as usize].ranges.get(&message.element)?;
        ranges.containing(number).map(|(_, index)| index)
    }

    pub fn enumeration(&self, id: Id) -> Option<&'a EnumDecl> {
        if let Element::Enum(item) = self.entry(id).element { Some(item) } else { None }
    }

    pub fn field(&self, id: Id) -> Option<&'a FieldDecl> {
        self.entry(id).field()
    }

    pub fn field_number(&self, id: Id) -> i32 {
        self.field(id).map_or(0, |field| field.number.value)
    }

    pub fn is_extension(&self, id: Id) -> bool {
        matches!(self.entry(id).element, Element::Extension(_))
    }

    pub fn link(&self, id: Id) -> Link {
        self.links[id.file as usize][id.element as usize]
    }

    /// Returns the message that a field belongs to: its parent, or the extendee of an extension.
    pub fn container(&self, field: Id) -> Option<Id> {
        if self.is_extension(field) { self.link(field).other } else { Some(self.parent(field)) }
    }

    /// Returns whether the type of a field and the extendee of an extension are resolved.
    pub fn is_resolved(&self, field: Id) -> bool {
        self.link(field).kind.is_some() && self.container(field).is_some()
    }

    /// Calls `f` for every element of a file, in protoc's order.
    pub fn for_each(&self, file: u32, mut f: impl FnMut(Id, Element<'a>)) {
        for (index, entry) in self.files[file as usize].entries.iter().enumerate() {
            f(Id { file, element: as_u32(index) }, entry.element);
        }
    }

    /// Returns the features of an element; until they are resolved, the defaults of its file.
    pub fn features(&self, id: Id) -> Features {
        if let Some(features) = self.features.get(id.file as usize) {
            return features[id.element as usize];
        }
        let edition = edition(self.syntax(id.file));
        Features::for_edition(edition).merge(inferred(self.field(id), self.options(id), edition))
    }

    pub fn options(&self, id: Id) -> &[u8] {
        &self.options[id.file as usize][id.element as usize]
    }

    pub fn syntax(&self, file: u32) -> Syntax {
        self.file(file).syntax
    }

    pub fn is_map_entry(&self, message: Id) -> bool {
        self.message(message).is_some_and(|message| message.map_entry)
    }

    /// Returns a value of an enum by its name.
    pub fn value_named(&self, item: Id, name: &str) -> Option<Id> {
        match self.beside(item, name)? {
            Definition::Element(id) if self.parent(id) == item => Some(id),
            _ => None,
        }
    }

    /// Returns the number of an enum value.
    pub fn enum_number(&self, value: Id) -> i32 {
        if let Element::Value(value) = self.entry(value).element { value.number.value } else { 0 }
    }

    /// Returns the element with a name in the scope of an enum, which is also that of its values.
    pub fn beside(&self, item: Id, name: &str) -> Option<Definition> {
        let scope = self.parent(item);
        // Looks in the file only: its own element counts, even if another file declares the same name.
        self.member(Definition::Element(scope), name)
    }

    /// Returns whether an enum is closed: it takes only the numbers that it declares.
    pub fn is_closed(&self, item: Id) -> bool {
        self.features(item).closed()
    }

    /// Returns whether a message has the option `message_set_wire_format`.
    pub fn is_message_set(&self, message: Id) -> bool {
        wire::last_varint(self.options(message), 1) == Some(1)
    }

    /// Returns whether a file is the bundled descriptor.proto, which is used for options only.
    pub fn is_hidden(&self, file: u32) -> bool {
        self.hidden == Some(file)
    }

    /// Returns whether a file has `optimize_for = LITE_RUNTIME`.
    pub fn is_lite(&self, file: u32) -> bool {
        wire::last_varint(self.options(Id { file, element: FILE }), 9) == Some(3)
    }
}
