//! The files and packages that are visible in a file.

use super::symbols::{Definition, Id, Package, ROOT, SymbolTable};
use crate::file::{File, ImportKind};

/// A bit set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct BitSet(Vec<u64>);

impl BitSet {
    /// Adds a number; returns whether it is new.
    pub fn insert(&mut self, number: u32) -> bool {
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        new
    }

    pub fn contains(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word & 1 << (number % 64) != 0)
    }

    pub fn add(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }
}

/// The files and packages that are visible in a file.
#[derive(Debug, Default)]
pub(super) struct Dependencies {
    /// The file itself, its imports, and those that these import publicly.
    pub files: BitSet,
    /// The same for `import option`, of which only extensions are visible.
    pub option_files: BitSet,
    packages: BitSet,
    /// Whether an import is missing, so that a name that does not resolve may be declared there.
    pub incomplete: bool,
}

impl Dependencies {
    pub fn new(file: u32, files: &[&File], imports: &[Vec<Option<u32>>], symbols: &SymbolTable<'_>) -> Self {
        let mut dependencies = Self::default();
        dependencies.files.insert(file);
        dependencies.add_package(symbols.package_of(file), symbols);
        for (import, target) in files[file as usize].imports.iter().zip(&imports[file as usize]) {
            let Some(target) = *target else {
                dependencies.incomplete = true;
                continue;
            };
            let option = import.kind == ImportKind::Option;
            let mut queue = vec![target];
            while let Some(next) = queue.pop() {
                let set = if option { &mut dependencies.option_files } else { &mut dependencies.files };
                if !set.insert(next) {
                    continue;
                }
                dependencies.add_package(symbols.package_of(next), symbols);
                for (import, target) in files[next as usize].imports.iter().zip(&imports[next as usize]) {
                    match target {
                        Some(target) if import.kind == ImportKind::Public => queue.push(*target),
                        Some(_) => {}
                        None => dependencies.incomplete = true,
                    }
                }
            }
        }
        dependencies
    }

    fn add_package(&mut self, package: Package, symbols: &SymbolTable<'_>) {
        for package in symbols.parents(package) {
            if !self.packages.insert(package.0) {
                return;
            }
        }
    }

    fn contains_package(&self, package: Package) -> bool {
        package == ROOT || self.packages.contains(package.0)
    }

    /// Returns whether a symbol is visible; in a file of `import option`, only extensions are.
    pub fn contains(&self, symbol: Definition, is_field: impl FnOnce(Id) -> bool) -> bool {
        match symbol {
            Definition::Package(package) => self.contains_package(package),
            Definition::Element(id) => {
                self.files.contains(id.file) || (self.option_files.contains(id.file) && is_field(id))
            }
        }
    }
}
