//! Collects the names of the elements of one package while they are allocated.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::schema::{MessageId, Schema};

use super::NamedElement;
use crate::lower::unknown_fields::UnknownFields;
use crate::names::scope::Candidate;
use crate::options::Options;

/// The names allocated so far in one package.
pub(super) struct Namer<'a> {
    pub(super) schema: &'a Schema<'a>,
    pub(super) options: &'a Options,
    pub(super) unknown_fields: &'a UnknownFields,
    /// The elements that do not keep their declared names, with their new ones.
    pub(super) renamed: BTreeMap<NamedElement, String>,
    /// The oneofs whose enum would have the name of a type nested in the same message.
    pub(super) oneofs_like_nested: BTreeSet<(MessageId, usize)>,
}

impl<'a> Namer<'a> {
    pub(super) fn new(schema: &'a Schema<'a>, options: &'a Options, unknown_fields: &'a UnknownFields) -> Self {
        Self { schema, options, unknown_fields, renamed: BTreeMap::new(), oneofs_like_nested: BTreeSet::new() }
    }

    /// An element with this name in this scope, and the user's name for it.
    pub(super) fn element<'n, T>(&self, scope: &str, name: &'n str, shape: T) -> Candidate<'n, T> {
        let renames = &self.options.rename;
        let rename = if renames.is_empty() { None } else { renames.get(&format!("{scope}.{name}")).cloned() };
        Candidate { name, rename, shape }
    }

    pub(super) fn rename(&mut self, element: NamedElement, name: Option<String>) {
        self.renamed.extend(name.map(|name| (element, name)));
    }

    /// The name that a type has been given.
    pub(super) fn name_of(&self, element: NamedElement, declared: &str) -> String {
        self.renamed.get(&element).cloned().unwrap_or_else(|| declared.to_owned())
    }
}
