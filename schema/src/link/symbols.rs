//! The symbol table of all files: packages and top-level elements.

use std::collections::HashMap;

use super::elements::{Elements, FILE, number};
use crate::names::Names;

/// The ID of an element: its file, and its index in the entries of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Id {
    pub file: u32,
    pub element: u32,
}

/// A package, or a prefix of one: `a` if there is a package `a.b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Package(pub u32);

/// The package of files that state none.
pub(super) const ROOT: Package = Package(0);

/// The package or element that a name resolves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Package(Package),
    Element(Id),
}

/// The packages and top-level elements of all files.
#[derive(Default)]
pub(super) struct SymbolTable<'a> {
    names: Names<(Package, &'a str), Named>,
    /// The parent of each package, and the first file that is in it.
    packages: Vec<(Package, u32)>,
    /// The package of each file.
    files: Vec<Package>,
}

impl Clash {
    /// Returns the element that is reported, or the file.
    pub fn place(&self) -> u32 {
        match self {
            Self::Element(id, _) => id.element,
            Self::Package(..) => FILE,
        }
    }
}

/// A name that two files declare.
pub(super) enum Clash {
    /// An element has the name of what is declared in another file.
    Element(Id, Named),
    /// The package of a file has the name of an element of another.
    Package(Id),
}

impl<'a> SymbolTable<'a> {
    /// Enters the files in order; returns what clashes between them, by file.
    pub fn of(files: &[Elements<'a>]) -> (Self, Vec<Vec<Clash>>) {
        let mut symbols = Self { packages: vec![(ROOT, 0)], ..Self::default() };
        let mut clashes = Vec::with_capacity(files.len());
        for (file, elements) in files.iter().enumerate() {
            let file = number(file);
            let mut clashing = Vec::new();
            let package = symbols.enter_package(elements.entry(FILE).name(), file, &mut clashing);
            symbols.files.push(package);
            for (&(_, name), &element) in elements.names.iter().filter(|((scope, _), _)| *scope == FILE) {
                let id = Id { file, element };
                let known = *symbols.names.entry((package, name)).or_insert(Named::Element(id));
                if known != Named::Element(id) {
                    clashing.push(Clash::Element(id, known));
                }
            }
            if !clashing.is_empty() {
                let order: HashMap<u32, usize> =
                    elements.declared.iter().enumerate().map(|(order, &element)| (element, order)).collect();
                clashing.sort_by_key(|clash| (clash.place() != FILE, order.get(&clash.place()).copied()));
            }
            clashes.push(clashing);
        }
        (symbols, clashes)
    }

    fn enter_package(&mut self, name: &'a str, file: u32, clashes: &mut Vec<Clash>) -> Package {
        let mut package = ROOT;
        for part in name.split('.').filter(|part| !part.is_empty()) {
            let next = Package(number(self.packages.len()));
            match *self.names.entry((package, part)).or_insert(Named::Package(next)) {
                Named::Package(known) if known != next => package = known,
                symbol => {
                    if let Named::Element(id) = symbol {
                        clashes.push(Clash::Package(id));
                    }
                    self.packages.push((package, file));
                    package = next;
                }
            }
        }
        package
    }

    pub fn get(&self, package: Package, name: &str) -> Option<Named> {
        self.names.get(&(package, name)).copied()
    }

    pub fn package_of(&self, file: u32) -> Package {
        self.files[file as usize]
    }

    /// Returns a package and its parents, innermost first, without the root.
    pub fn parents(&self, package: Package) -> impl Iterator<Item = Package> {
        std::iter::successors(Some(package), |package| Some(self.packages[package.0 as usize].0))
            .take_while(|package| *package != ROOT)
    }

    /// Returns the first file of a package.
    pub fn first_file(&self, package: Package) -> u32 {
        self.packages[package.0 as usize].1
    }

    /// Returns the number of names.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Returns the top-level elements of all files.
    pub fn elements(&self) -> impl Iterator<Item = (&'a str, Id)> {
        self.names.iter().filter_map(|(&(_, name), &symbol)| match symbol {
            Named::Element(id) => Some((name, id)),
            Named::Package(_) => None,
        })
    }
}
