//! The names that a file may use: its own, those of its imports, and those of the files that these import publicly.

use std::collections::HashSet;

use crate::schema::{Schema, Symbol};

/// The files that are visible in a file, and their packages.
pub(super) struct Visible<'a> {
    files: HashSet<usize>,
    /// The packages of these files, and every prefix of one: `a` too for `a.b`.
    packages: HashSet<&'a str>,
}

impl<'a> Visible<'a> {
    pub(super) fn in_file(schema: &Schema<'a>, file: usize) -> Self {
        let mut files = HashSet::from([file]);
        let mut pending: Vec<usize> = imports(schema, file).collect();
        while let Some(import) = pending.pop() {
            if files.insert(import) {
                pending.extend(public_imports(schema, import));
            }
        }
        let mut packages = HashSet::new();
        for &file in &files {
            let package = Some(schema.files[file].descriptor.package()).filter(|package| !package.is_empty());
            packages.extend(std::iter::successors(package, |package| Some(package.rsplit_once('.')?.0)));
        }
        Self { files, packages }
    }

    /// Returns whether a visible message or enum has a full name.
    pub(super) fn has_type(&self, schema: &Schema<'_>, full_name: &str) -> bool {
        matches!(self.symbol(schema, full_name), Some(Symbol::Message(_) | Symbol::Enum(_)))
    }

    /// Returns whether a visible package, message, enum or service, which may have names below it, has a full name.
    pub(super) fn has_scope(&self, schema: &Schema<'_>, full_name: &str) -> bool {
        self.packages.contains(&full_name[1..]) || self.symbol(schema, full_name).is_some()
    }

    fn symbol(&self, schema: &Schema<'_>, full_name: &str) -> Option<Symbol> {
        schema.resolve(full_name).filter(|&symbol| self.files.contains(&schema.place(symbol).file))
    }
}

fn imports(schema: &Schema<'_>, file: usize) -> impl Iterator<Item = usize> {
    schema.files[file].descriptor.dependency.iter().filter_map(|name| schema.file_named(name))
}

fn public_imports(schema: &Schema<'_>, file: usize) -> impl Iterator<Item = usize> {
    let descriptor = &schema.files[file].descriptor;
    let indices = descriptor.public_dependency.iter().filter_map(|&index| usize::try_from(index).ok());
    indices.filter_map(|index| schema.file_named(descriptor.dependency.get(index)?))
}
