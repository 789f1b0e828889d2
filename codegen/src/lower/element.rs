//! Looks up the docs and attributes of an element: its comment, and the options that select it.

use rgrpc_schema::full_name::last_part;
use rgrpc_schema::source::{Path, Source};

use super::decisions::Decisions;
use crate::attributes::each_once;
use crate::docs::{Docs, rustdoc};
use crate::model::Origin;
use crate::options::{Options, PathRules};

/// Lowers the messages, enums and extensions of one file.
pub(super) struct FileElements<'a> {
    pub(super) decisions: &'a Decisions<'a>,
    pub(super) source: Source<'a>,
}

/// The options that add attributes to a kind of element, in the order in which the attributes are emitted.
pub(super) type AttributeOptions = for<'a> fn(&'a Options) -> Vec<&'a PathRules>;

pub(super) const MESSAGE: AttributeOptions = |options| vec![&options.type_attribute, &options.message_attribute];
pub(super) const ENUM: AttributeOptions = |options| vec![&options.type_attribute, &options.enum_attribute];
pub(super) const ONEOF: AttributeOptions =
    |options| vec![&options.type_attribute, &options.enum_attribute, &options.oneof_attribute];
pub(super) const MEMBER: AttributeOptions = |options| vec![&options.field_attribute];

/// An element whose docs and attributes are looked up.
pub(super) struct Element {
    pub(super) origin: Origin,
    /// The other full name by which an option can select a member of a oneof: the one that includes the oneof.
    pub(super) alias: Option<String>,
    /// The kind, as the docs of an element without a comment state it: ``Message `user.v1.User`.``
    pub(super) kind: &'static str,
    /// Whether the Rust name does not follow from the declared name, so that the docs have to state the latter.
    pub(super) renamed: bool,
}

impl Element {
    /// A message, an enum or an extension; its docs state the full name.
    pub(super) fn ty(kind: &'static str, full_name: &str, path: &Path, renamed: bool) -> Self {
        Self { origin: Origin { full_name: full_name.to_owned(), path: path.clone() }, alias: None, kind, renamed }
    }

    /// A part of a message or an enum.
    pub(super) fn member(kind: &'static str, scope: &str, name: &str, path: Path, renamed: bool) -> Self {
        Self { origin: Origin { full_name: format!("{scope}.{name}"), path }, alias: None, kind, renamed }
    }

    /// The full names by which an option can select the element.
    pub(super) fn names(&self) -> Vec<&str> {
        std::iter::once(&*self.origin.full_name).chain(self.alias.as_deref()).collect()
    }

    fn is_type(&self) -> bool {
        matches!(self.kind, "Message" | "Enum" | "Extension")
    }

    fn display_name(&self) -> &str {
        if self.is_type() { &self.origin.full_name[1..] } else { last_part(&self.origin.full_name) }
    }
}

impl FileElements<'_> {
    /// The comment of an element. For a type without a comment, and after the comment of a renamed element, the docs state the kind and
    /// the declared name.
    pub(super) fn docs(&self, element: &Element) -> Docs {
        let disabled = &self.decisions.options.disable_comments;
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

    /// The attributes that these options add to an element.
    pub(super) fn attributes(&self, element: &Element, options: AttributeOptions) -> Vec<String> {
        let names = element.names();
        let rules = options(self.decisions.options).into_iter();
        each_once(rules.flat_map(|rules| rules.values(&names))).map(str::to_owned).collect()
    }
}
