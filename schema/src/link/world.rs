//! All files of a run with what is known of them so far: what every pass reads.

use std::collections::HashMap;

use super::elements::{Element, Elements, Entry, FILE, number};
use super::features::{Features, edition, inferred};
use super::options::decoded;
use super::order::Sorted;
use super::reach::Reach;
use super::symbols::{Clash, Id, Package, Symbol, Symbols};
use crate::file::{Enum, Field, File, Kind, Label, Message, Syntax};
use crate::parallel::{self, Work};
use crate::wire;

/// The elements that the names of a field or a method stand for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Link {
    /// The type of a field, the input of a method.
    pub target: Option<Id>,
    /// The extendee of an extension, the output of a method.
    pub other: Option<Id>,
    /// The type of a field; `None` where its name is not resolved.
    pub kind: Option<Kind>,
}

/// All files, and what is known of their elements. The passes fill it from top to bottom.
pub(super) struct World<'a> {
    /// The bundled descriptor.proto, where there is no other.
    pub hidden: Option<u32>,
    pub files: Vec<Elements<'a>>,
    pub symbols: Symbols<'a>,
    /// The targets of the imports of each file.
    pub imports: Vec<Vec<Option<u32>>>,
    pub reach: Vec<Reach>,
    pub links: Vec<Vec<Link>>,
    /// Extensions by what they extend, and their number.
    pub extensions: HashMap<(Id, i32), Id>,
    pub features: Vec<Vec<Features>>,
    /// The options of each element, as serialized so far.
    pub options: Vec<Vec<Vec<u8>>>,
}

impl<'a> World<'a> {
    /// Enters files; returns what clashes between them, by file. The last one may be a descriptor.proto that nobody sees.
    pub fn of(all: &[&'a File], sorted: &Sorted) -> (Self, Vec<Vec<Clash>>) {
        let numbered: Vec<_> = all.iter().enumerate().map(|(index, file)| (number(index), *file)).collect();
        let files = parallel::map(Work::Little, &numbered, |&(number, file)| Elements::of(number, file));
        let options = files.iter().map(decoded).collect();
        let (symbols, clashes) = Symbols::of(&files);
        let mut imports = sorted.imports.clone();
        imports.resize(all.len(), Vec::new());
        let reach = numbered.iter().map(|&(file, _)| Reach::of(file, all, &imports, &symbols)).collect();
        let hidden = (all.len() > sorted.files.len()).then(|| number(sorted.files.len()));
        let (links, extensions, features) = (Vec::new(), HashMap::new(), Vec::new());
        (Self { hidden, files, symbols, imports, reach, links, extensions, features, options }, clashes)
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
    pub fn member(&self, of: Symbol, name: &str) -> Option<Symbol> {
        match of {
            Symbol::Package(package) => self.symbols.get(package, name),
            Symbol::Element(id) => {
                let element = *self.files[id.file as usize].names.get(&(id.element, name))?;
                Some(Symbol::Element(Id { element, ..id }))
            }
        }
    }

    /// Returns what has a name with all of its parents, seen or not.
    pub fn absolute(&self, name: &str) -> Option<Symbol> {
        self.within(Symbol::Package(super::symbols::ROOT), name)
    }

    /// Does the same for a file: the bundled descriptor.proto means itself, whatever else has its names.
    pub fn absolute_for(&self, file: u32, name: &str) -> Option<Symbol> {
        match name.strip_prefix("google.protobuf.") {
            Some(name) if self.is_hidden(file) => self.bundled(name),
            _ => self.absolute(name),
        }
    }

    /// Returns what has a name of one or more parts within something.
    pub fn within(&self, of: Symbol, name: &str) -> Option<Symbol> {
        name.split('.').try_fold(of, |of, part| self.member(of, part))
    }

    /// Returns a message of descriptor.proto: of the one that the files see, else of the bundled one.
    pub fn descriptor_message(&self, name: &str) -> Option<Id> {
        let seen = self.absolute("google.protobuf").and_then(|package| self.member(package, name));
        match seen.or_else(|| self.bundled(name))? {
            Symbol::Element(id) if self.message(id).is_some() => Some(id),
            _ => None,
        }
    }

    /// Returns what the bundled descriptor.proto declares by a name without its package.
    fn bundled(&self, name: &str) -> Option<Symbol> {
        self.within(Symbol::Element(Id { file: self.hidden?, element: FILE }), name)
    }

    pub fn message(&self, id: Id) -> Option<&'a Message> {
        self.entry(id).message()
    }

    pub fn enumeration(&self, id: Id) -> Option<&'a Enum> {
        if let Element::Enum(item) = self.entry(id).element { Some(item) } else { None }
    }

    pub fn field(&self, id: Id) -> Option<&'a Field> {
        self.entry(id).field()
    }

    pub fn is_extension(&self, id: Id) -> bool {
        matches!(self.entry(id).element, Element::Extension(_))
    }

    pub fn link(&self, id: Id) -> Link {
        self.links[id.file as usize][id.element as usize]
    }

    /// Returns the message that a field is in, or that an extension extends.
    pub fn container(&self, field: Id) -> Option<Id> {
        if self.is_extension(field) { self.link(field).other } else { Some(self.parent(field)) }
    }

    /// Returns the features of an element; until they are resolved, the defaults of its file.
    pub fn features(&self, id: Id) -> Features {
        if let Some(features) = self.features.get(id.file as usize) {
            return features[id.element as usize];
        }
        let edition = edition(self.syntax(id.file));
        Features::of_edition(edition).merge(inferred(self.field(id), self.options(id), edition))
    }

    pub fn options(&self, id: Id) -> &[u8] {
        &self.options[id.file as usize][id.element as usize]
    }

    pub fn syntax(&self, file: u32) -> Syntax {
        self.file(file).syntax
    }

    /// Returns the type of a field as it is on the wire: a delimited message is a group.
    pub fn kind(&self, id: Id) -> Option<Kind> {
        let link = self.link(id);
        let delimited = || {
            self.features(id).delimited()
                && !self.parent_is_map_entry(id)
                && !link.target.is_some_and(|target| self.is_map_entry(target))
        };
        match link.kind {
            Some(Kind::Message) if delimited() => Some(Kind::Group),
            kind => kind,
        }
    }

    pub fn is_map_entry(&self, message: Id) -> bool {
        self.message(message).is_some_and(|message| message.map_entry)
    }

    pub fn parent_is_map_entry(&self, field: Id) -> bool {
        !self.is_extension(field) && self.is_map_entry(self.parent(field))
    }

    /// Returns whether a field is a map.
    pub fn is_map(&self, field: Id) -> bool {
        let link = self.link(field);
        link.kind == Some(Kind::Message) && link.target.is_some_and(|target| self.is_map_entry(target))
    }

    pub fn is_repeated(&self, field: Id) -> bool {
        self.field(field).and_then(|field| field.label).is_some_and(|label| label.value == Label::Repeated)
    }

    /// Returns whether a field is required: by its label, or by its feature.
    pub fn is_required(&self, field: Id) -> bool {
        self.features(field).required() && !self.is_repeated(field)
    }

    /// Returns whether the field tells "not set" from its default.
    pub fn has_presence(&self, id: Id) -> bool {
        !self.is_repeated(id)
            && (self.is_extension(id)
                || self.field(id).is_some_and(|field| field.oneof.is_some())
                || matches!(self.link(id).kind, Some(Kind::Message | Kind::Group))
                || !self.features(id).implicit())
    }

    pub fn is_packable(&self, id: Id) -> bool {
        self.is_repeated(id)
            && !matches!(self.kind(id), Some(Kind::String | Kind::Bytes | Kind::Message | Kind::Group) | None)
    }

    /// Returns a field of a message by its name; an extension is none.
    pub fn field_named(&self, message: Id, name: &str) -> Option<Id> {
        match self.member(Symbol::Element(message), name)? {
            Symbol::Element(id) if matches!(self.entry(id).element, Element::Field(_)) => Some(id),
            _ => None,
        }
    }

    /// Returns a field of a message, or an extension of it, by its number.
    pub fn field_numbered(&self, message: Id, number: i32) -> Option<Id> {
        let Element::Message(declared, members) = self.entry(message).element else { return None };
        let own = declared.fields.iter().position(|field| field.number.value == number);
        match own {
            Some(index) => Some(Id { element: members.fields + super::elements::number(index), ..message }),
            None => self.extensions.get(&(message, number)).copied(),
        }
    }

    /// Returns the oneof that a field is in.
    pub fn oneof(&self, field: Id) -> Option<Id> {
        let index = self.field(field)?.oneof.filter(|_| !self.is_extension(field))?;
        let Element::Message(message, members) = self.entry(self.parent(field)).element else { return None };
        (index < message.oneofs.len()).then(|| Id { element: members.oneofs + number(index), ..field })
    }

    /// Returns the value of an enum by its name.
    pub fn value_named(&self, item: Id, name: &str) -> Option<Id> {
        match self.beside(item, name)? {
            Symbol::Element(id) if self.parent(id) == item => Some(id),
            _ => None,
        }
    }

    /// Returns what has a name where an enum has its values: beside itself.
    pub fn beside(&self, item: Id, name: &str) -> Option<Symbol> {
        let scope = self.parent(item);
        // A name that is taken by another file is still this file's own here.
        self.member(Symbol::Element(scope), name)
    }

    /// Returns whether an enum takes only the numbers that it declares.
    pub fn is_closed(&self, item: Id) -> bool {
        self.features(item).closed()
    }

    /// Returns whether a message has the option `message_set_wire_format`.
    pub fn is_message_set(&self, message: Id) -> bool {
        wire::last_varint(self.options(message), 1) == Some(1)
    }

    /// Returns whether a file is the bundled descriptor.proto, which is there for its options only.
    pub fn is_hidden(&self, file: u32) -> bool {
        self.hidden == Some(file)
    }

    /// Returns whether a file has `optimize_for = LITE_RUNTIME`.
    pub fn is_lite(&self, file: u32) -> bool {
        wire::last_varint(self.options(Id { file, element: FILE }), 9) == Some(3)
    }
}
