//! Resolves names by the rules of C++, as protoc does: from the innermost scope outwards, and the first part of the name decides.

use super::dependencies::BitSet;
use super::elements::{Element, FILE};
use super::pool::Pool;
use super::symbols::{Definition, Id, ROOT};

/// The kinds of elements that a name may resolve to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A message or an enum; any other element is passed over.
    Type,
    /// Any element.
    Anything,
}

/// Why a name does not resolve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Missing {
    /// Nothing has the name.
    Unknown,
    /// A file that is not imported declares it.
    NotImported(Definition),
    /// An inner scope has the first part of the name, but not the rest: `a.b.google` for `google.protobuf.Any`. It holds the full name that
    /// does not exist.
    Hidden(String),
}

/// Resolves names in a file, and records the files whose elements are used.
pub(super) struct Scope<'w, 'a> {
    pub pool: &'w Pool<'a>,
    pub file: u32,
    /// The files whose elements were found.
    pub used: BitSet,
}

impl<'w, 'a> Scope<'w, 'a> {
    pub fn new(pool: &'w Pool<'a>, file: u32) -> Self {
        Self { pool, file, used: BitSet::default() }
    }

    /// Resolves a name in the scope of an element of the file.
    pub fn find(&mut self, name: &str, element: u32, wanted: Wanted) -> Result<Definition, Missing> {
        self.find_from(name, Id { file: self.file, element }, wanted)
    }

    /// Resolves a name in the scope of an element of any file, among the elements that are visible in this file.
    pub fn find_from(&mut self, name: &str, element: Id, wanted: Wanted) -> Result<Definition, Missing> {
        let mut missing = Missing::Unknown;
        if let Some(absolute) = name.strip_prefix('.') {
            return self.seen(self.pool.absolute_for(self.file, absolute), &mut missing).ok_or(missing);
        }
        let (first, rest) = match name.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (name, None),
        };
        for scope in self.scopes(element) {
            let member = self.pool.member(scope, first);
            let Some(found) = self.seen(member, &mut missing) else { continue };
            match rest {
                Some(rest) if self.has_members(found) => {
                    return match self.pool.within(found, rest) {
                        Some(member) => self.seen(Some(member), &mut missing).ok_or(missing),
                        None => Err(Missing::Hidden(format!("{}.{rest}", self.full_name(found)))),
                    };
                }
                None if wanted == Wanted::Anything || self.is_type(found) => return Ok(found),
                _ => {}
            }
        }
        self.seen(self.pool.absolute(name), &mut missing).ok_or(missing)
    }

    /// Returns the scopes around an element, innermost first, without the root.
    fn scopes(&self, element: Id) -> impl Iterator<Item = Definition> + use<'w, 'a> {
        let (pool, file) = (self.pool, element.file);
        let id = move |element| Id { file, element };
        let entry = pool.entry(element);
        let innermost = match entry.element {
            Element::Value(_) | Element::Range(_) => pool.entry(id(entry.parent)).parent,
            _ => entry.parent,
        };
        let elements = std::iter::successors(Some(innermost), move |&at| Some(pool.entry(id(at)).parent));
        let elements = elements.take_while(|&at| at != FILE).map(move |at| Definition::Element(id(at)));
        elements.chain(pool.symbols.parents(pool.symbols.package_of(file)).map(Definition::Package))
    }

    /// Returns a symbol if it is visible in the file; records it as missing otherwise.
    fn seen(&mut self, symbol: Option<Definition>, missing: &mut Missing) -> Option<Definition> {
        let symbol = symbol?;
        if let Definition::Element(id) = symbol {
            self.used.insert(id.file);
        }
        let dependencies = &self.pool.dependencies[self.file as usize];
        if dependencies.contains(symbol, |id| self.pool.field(id).is_some()) {
            return Some(symbol);
        }
        *missing = Missing::NotImported(symbol);
        None
    }

    fn has_members(&self, symbol: Definition) -> bool {
        match symbol {
            Definition::Package(_) => true,
            Definition::Element(id) => {
                matches!(self.pool.entry(id).element, Element::Message(..) | Element::Enum(_) | Element::Service(_))
            }
        }
    }

    fn is_type(&self, symbol: Definition) -> bool {
        let Definition::Element(id) = symbol else { return false };
        matches!(self.pool.entry(id).element, Element::Message(..) | Element::Enum(_))
    }

    pub fn full_name(&self, symbol: Definition) -> String {
        match symbol {
            Definition::Package(ROOT) => String::new(),
            Definition::Package(package) => self.pool.package_name(package),
            Definition::Element(id) => self.pool.full_name(id),
        }
    }
}
