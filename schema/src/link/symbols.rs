//! The symbol table of all files: packages and top-level elements.

use std::collections::HashMap;

use super::elements::{Elements, FILE, as_u32};
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
pub(super) enum Definition {
    Package(Package),
    Element(Id),
}

/// The packages and top-level elements of all files.
#[derive(Default)]
pub(super) struct SymbolTable<'a> {
    names: Names<(Package, &'a str), Definition>,
    /// The parent of each package, and the first file in it.
    packages: Vec<(Package, u32)>,
    /// The package of each file.
    files: Vec<Package>,
}

/// A name that two files declare.
pub(super) enum Clash {
    /// An element has the name of an element or package of another file.
    Element(Id, Definition),
    /// The package of a file has the name of an element of another file.
    Package(Id),
}

impl Clash {
    /// Returns the element to report: the file itself, for a package.
    pub fn element(&self) -> u32 {
        match self {
            Self::Element(id, _) => id.element,
            Self::Package(..) => FILE,
        }
    }
}

impl<'a> SymbolTable<'a> {
    /// Makes the symbol table of files; returns the clashes between files too, by file.
    pub fn build(files: &[Elements<'a>]) -> (Self, Vec<Vec<Clash>>) {
        let mut symbols = Self { packages: vec![(ROOT, 0)], ..Self::default() };
        let mut clashes = Vec::with_capacity(files.len());
        for (file, elements) in files.iter().enumerate() {
            let file = as_u32(file);
            let mut clashing = Vec::new();
            let package = symbols.enter_package(elements.entry(FILE).name(), file, &mut clashing);
            symbols.files.push(package);
            for (&(_, name), &element) in elements.names.iter().filter(|((scope, _), _)| *scope == FILE) {
                let id = Id { file, element };
                let known = *symbols.names.entry((package, name)).or_insert(Definition::Element(id));
                if known != Definition::Element(id) {
                    clashing.push(Clash::Element(id, known));
                }
            }
            if !clashing.is_empty() {
                let order: HashMap<u32, usize> =
                    elements.declared.iter().enumerate().map(|(order, &element)| (element, order)).collect();
                clashing.sort_by_key(|clash| (clash.element() != FILE, order.get(&clash.element()).copied()));
            }
            clashes.push(clashing);
        }
        (symbols, clashes)
    }

    fn enter_package(&mut self, name: &'a str, file: u32, clashes: &mut Vec<Clash>) -> Package {
        let mut package = ROOT;
        for part in name.split('.').filter(|part| !part.is_empty()) {
            let next = Package(as_u32(self.packages.len()));
            match *self.names.entry((package, part)).or_insert(Definition::Package(next)) {
                Definition::Package(known) if known != next => package = known,
                symbol => {
                    if let Definition::Element(id) = symbol {
                        clashes.push(Clash::Package(id));
                    }
                    self.packages.push((package, file));
                    package = next;
                }
            }
        }
        package
    }

    pub fn get(&self, package: Package, name: &str) -> Option<Definition> {
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
            Definition::Element(id) => Some((name, id)),
            Definition::Package(_) => None,
        })
    }
}
