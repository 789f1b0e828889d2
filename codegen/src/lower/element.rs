//! The elements of a file: comments and options in, docs and attributes out.

use rgrpc_schema::full_name::last_part;
use rgrpc_schema::source::{Path, Source};

use super::decisions::Decisions;
use crate::attributes::each_once;
use crate::docs::{Docs, rustdoc};
use crate::model::Origin;
use crate::options::{Options, PathRules};

/// The elements of one file.
pub(super) struct FileElements<'a> {
    pub(super) decided: &'a Decisions<'a>,
    pub(super) source: Source<'a>,
}

/// The options that put attributes on an element of a kind, in the order of the attributes.
pub(super) type AttributeOptions = for<'a> fn(&'a Options) -> Vec<&'a PathRules>;

pub(super) const MESSAGE: AttributeOptions = |options| vec![&options.type_attribute, &options.message_attribute];
pub(super) const ENUM: AttributeOptions = |options| vec![&options.type_attribute, &options.enum_attribute];
pub(super) const ONEOF: AttributeOptions =
    |options| vec![&options.type_attribute, &options.enum_attribute, &options.oneof_attribute];
pub(super) const MEMBER: AttributeOptions = |options| vec![&options.field_attribute];

/// An element for which options and comments are looked up.
pub(super) struct Element {
    pub(super) origin: Origin,
    /// Another name by which an option can mean it: that by way of the oneof that a field is a member of.
    pub(super) also: Option<String>,
    /// The fallback for an element without a comment: ``Field `fooBar`.``
    pub(super) kind: &'static str,
    /// Whether its Rust name is not made of its own, which then has to be told.
    pub(super) renamed: bool,
}

impl Element {
    /// A message or an enum, which its documentation names in full.
    pub(super) fn ty(kind: &'static str, full_name: &str, path: &Path, renamed: bool) -> Self {
        Self { origin: Origin { full_name: full_name.to_owned(), path: path.clone() }, also: None, kind, renamed }
    }

    /// A part of a message or an enum.
    pub(super) fn member(kind: &'static str, scope: &str, name: &str, path: Path, renamed: bool) -> Self {
        Self { origin: Origin { full_name: format!("{scope}.{name}"), path }, also: None, kind, renamed }
    }

    pub(super) fn names(&self) -> Vec<&str> {
        std::iter::once(&*self.origin.full_name).chain(self.also.as_deref()).collect()
    }

    fn is_type(&self) -> bool {
        matches!(self.kind, "Message" | "Enum" | "Extension")
    }

    fn display_name(&self) -> &str {
        if self.is_type() { &self.origin.full_name[1..] } else { last_part(&self.origin.full_name) }
    }
}

impl FileElements<'_> {
    /// The comment, or else what the element is, if it is a type; one that was renamed says so after its comment.
    pub(super) fn docs(&self, element: &Element) -> Docs {
        let disabled = &self.decided.options.disable_comments;
        let comment = self.source.comment(&element.origin.path);
        let comment = comment.filter(|_| !disabled.select(&element.names()));
        let docs = comment.as_deref().map(rustdoc).unwrap_or_default();
        let fallback = |before| format!("{docs}{before} {} `{}`.", element.kind, element.display_name());
        match (docs.is_empty(), element.renamed) {
            (true, renamed) if renamed || element.is_type() => fallback(""),
            (false, true) => fallback("\n\n"),
            _ => docs,
        }
    }

    /// The attributes that these options put on the element.
    pub(super) fn attributes(&self, element: &Element, options: AttributeOptions) -> Vec<String> {
        let names = element.names();
        let rules = options(self.decided.options).into_iter();
        each_once(rules.flat_map(|rules| rules.values(&names))).map(str::to_owned).collect()
    }
}
