//! Resolves names by the rules of C++, as protoc does: from the innermost scope outwards, and the first part of the name decides.

use super::elements::{Element, FILE};
use super::reach::NumberSet;
use super::symbols::{Id, Named, ROOT};
use super::world::World;

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
    NotImported(Named),
    /// Its first part was found in an inner scope, which has no such member: `a.b.google` for `google.protobuf.Any`.
    Hidden(String),
}

/// Resolves names in a file, and records the files whose elements are used.
pub(super) struct Scope<'w, 'a> {
    pub world: &'w World<'a>,
    pub file: u32,
    /// The files of which something was named.
    pub used: NumberSet,
}

impl<'w, 'a> Scope<'w, 'a> {
    pub fn new(world: &'w World<'a>, file: u32) -> Self {
        Self { world, file, used: NumberSet::default() }
    }

    /// Finds what `name` stands for in the scope of an element of the file.
    pub fn find(&mut self, name: &str, element: u32, wanted: Wanted) -> Result<Named, Missing> {
        self.find_from(name, Id { file: self.file, element }, wanted)
    }

    /// Finds what `name` stands for in the scope of any element: what is beside it, then what is beside its parents, as far
    /// as the file sees it.
    pub fn find_from(&mut self, name: &str, element: Id, wanted: Wanted) -> Result<Named, Missing> {
        let mut missing = Missing::Unknown;
        if let Some(absolute) = name.strip_prefix('.') {
            return self.seen(self.world.absolute_for(self.file, absolute), &mut missing).ok_or(missing);
        }
        let (first, rest) = match name.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (name, None),
        };
        for scope in self.scopes(element) {
            let member = self.world.member(scope, first);
            let Some(found) = self.seen(member, &mut missing) else { continue };
            match rest {
                Some(rest) if self.has_members(found) => {
                    return match self.world.within(found, rest) {
                        Some(member) => self.seen(Some(member), &mut missing).ok_or(missing),
                        None => Err(Missing::Hidden(format!("{}.{rest}", self.full_name(found)))),
                    };
                }
                None if wanted == Wanted::Anything || self.is_type(found) => return Ok(found),
                _ => {}
            }
        }
        self.seen(self.world.absolute(name), &mut missing).ok_or(missing)
    }

    /// Returns the scopes of an element from inside out, without the root.
    fn scopes(&self, element: Id) -> impl Iterator<Item = Named> + use<'w, 'a> {
        let (world, file) = (self.world, element.file);
        let id = move |element| Id { file, element };
        let entry = world.entry(element);
        let innermost = match entry.element {
            Element::Value(_) | Element::Range(_) => world.entry(id(entry.parent)).parent,
            _ => entry.parent,
        };
        let elements = std::iter::successors(Some(innermost), move |&at| Some(world.entry(id(at)).parent));
        let elements = elements.take_while(|&at| at != FILE).map(move |at| Named::Element(id(at)));
        elements.chain(world.symbols.parents(world.symbols.package_of(file)).map(Named::Package))
    }

    /// Passes on a symbol that the file sees; of another one, keeps where it is.
    fn seen(&mut self, symbol: Option<Named>, missing: &mut Missing) -> Option<Named> {
        let symbol = symbol?;
        if let Named::Element(id) = symbol {
            self.used.insert(id.file);
        }
        let reach = &self.world.reach[self.file as usize];
        if reach.sees(symbol, |id| self.world.field(id).is_some()) {
            return Some(symbol);
        }
        *missing = Missing::NotImported(symbol);
        None
    }

    fn has_members(&self, symbol: Named) -> bool {
        match symbol {
            Named::Package(_) => true,
            Named::Element(id) => {
                matches!(self.world.entry(id).element, Element::Message(..) | Element::Enum(_) | Element::Service(_))
            }
        }
    }

    fn is_type(&self, symbol: Named) -> bool {
        let Named::Element(id) = symbol else { return false };
        matches!(self.world.entry(id).element, Element::Message(..) | Element::Enum(_))
    }

    pub fn full_name(&self, symbol: Named) -> String {
        match symbol {
            Named::Package(ROOT) => String::new(),
            Named::Package(package) => self.world.package_name(package),
            Named::Element(id) => self.world.full_name(id),
        }
    }
}
