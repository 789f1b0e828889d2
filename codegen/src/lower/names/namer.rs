//! The names of the elements of one package, as far as they are found.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::schema::{MessageId, Schema};

use super::NamedElement;
use crate::lower::kept::Kept;
use crate::names::scope::Candidate;
use crate::options::Options;

/// Gives names to the elements of one package.
pub(super) struct Namer<'a> {
    pub(super) schema: &'a Schema<'a>,
    pub(super) options: &'a Options,
    pub(super) kept: &'a Kept,
    /// The elements that have another name than their own.
    pub(super) renamed: BTreeMap<NamedElement, String>,
    /// The oneofs whose enums have the name of a type that is nested in their message.
    pub(super) like_nested: BTreeSet<(MessageId, usize)>,
}

impl<'a> Namer<'a> {
    pub(super) fn new(schema: &'a Schema<'a>, options: &'a Options, kept: &'a Kept) -> Self {
        Self { schema, options, kept, renamed: BTreeMap::new(), like_nested: BTreeSet::new() }
    }

    /// An element declared with this name in this scope, with what the user wants for it.
    pub(super) fn element<'n, T>(&self, scope: &str, name: &'n str, shape: T) -> Candidate<'n, T> {
        let renamed = &self.options.rename;
        let pin = if renamed.is_empty() { None } else { renamed.get(&format!("{scope}.{name}")).cloned() };
        Candidate { name, pin, shape }
    }

    pub(super) fn rename(&mut self, element: NamedElement, name: Option<String>) {
        self.renamed.extend(name.map(|name| (element, name)));
    }

    /// The name that has been found for a type.
    pub(super) fn name_of(&self, element: NamedElement, declared: &str) -> String {
        self.renamed.get(&element).cloned().unwrap_or_else(|| declared.to_owned())
    }
}
