//! The reach of a file: the files that it imports, those that these import publicly, and their packages.

use super::symbols::{Id, Named, Package, ROOT, SymbolTable};
use crate::file::{File, ImportKind};

/// A set of small numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NumberSet(Vec<u64>);

impl NumberSet {
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

/// The reach of a file.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Itself, its imports, and what these import publicly.
    pub files: NumberSet,
    /// The same of `import option`: only their extensions are seen.
    pub option_files: NumberSet,
    packages: NumberSet,
    /// Whether a file is not there, so that a name may be in it.
    pub blind: bool,
}

impl Reach {
    pub fn of(file: u32, files: &[&File], imports: &[Vec<Option<u32>>], symbols: &SymbolTable<'_>) -> Self {
        let mut reach = Self::default();
        reach.files.insert(file);
        reach.see(symbols.package_of(file), symbols);
        for (import, target) in files[file as usize].imports.iter().zip(&imports[file as usize]) {
            let Some(target) = *target else {
                reach.blind = true;
                continue;
            };
            let option = import.kind == ImportKind::Option;
            let mut queue = vec![target];
            while let Some(next) = queue.pop() {
                let set = if option { &mut reach.option_files } else { &mut reach.files };
                if !set.insert(next) {
                    continue;
                }
                reach.see(symbols.package_of(next), symbols);
                for (import, target) in files[next as usize].imports.iter().zip(&imports[next as usize]) {
                    match target {
                        Some(target) if import.kind == ImportKind::Public => queue.push(*target),
                        Some(_) => {}
                        None => reach.blind = true,
                    }
                }
            }
        }
        reach
    }

    fn see(&mut self, package: Package, symbols: &SymbolTable<'_>) {
        for package in symbols.parents(package) {
            if !self.packages.insert(package.0) {
                return;
            }
        }
    }

    pub fn sees_package(&self, package: Package) -> bool {
        package == ROOT || self.packages.contains(package.0)
    }

    /// Returns whether a symbol may be named; of a file of `import option`, that is an extension.
    pub fn sees(&self, symbol: Named, is_field: impl FnOnce(Id) -> bool) -> bool {
        match symbol {
            Named::Package(package) => self.sees_package(package),
            Named::Element(id) => self.files.contains(id.file) || (self.option_files.contains(id.file) && is_field(id)),
        }
    }
}
