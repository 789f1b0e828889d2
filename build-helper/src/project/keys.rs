//! Reads the tables of `rgrpc.toml`, and reports unknown keys and values of the wrong type with their positions.

use std::ops::Range;

use rgrpc_codegen::{Diagnostic, Position};
use rgrpc_schema::nearest::suggestion;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// The text of a file, and its path.
pub(super) struct NamedText<'t> {
    pub(super) path: &'t str,
    pub(super) text: &'t str,
}

/// A key and its place in the text.
pub(super) type Key<'t> = Spanned<DeString<'t>>;

/// A value and its place in the text.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// The entries of a table, in the order of the text.
pub(super) fn in_order<'v, 't>(table: &'v DeTable<'t>) -> Vec<(&'v Key<'t>, &'v Value<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

impl NamedText<'_> {
    pub(super) fn error(&self, at: Range<usize>, message: impl Into<String>) -> Diagnostic {
        self.at(at, Diagnostic::new(message))
    }

    /// Adds a position to an error. Columns count bytes, as protoc's do.
    pub(super) fn at(&self, at: Range<usize>, error: Diagnostic) -> Diagnostic {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |end| end + 1) + 1;
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        error.with_position(Some(Position::new(self.path, Some((number(line), number(column))))))
    }

    /// The entries of a table with a `known` key. Every other key is an error.
    pub(super) fn entries<'v, 't>(
        &self,
        table: &'v DeTable<'t>,
        known: &[&'static str],
        errors: &mut impl Extend<Diagnostic>,
    ) -> Vec<(&'static str, &'v Value<'t>)> {
        let mut found = Vec::new();
        for (key, value) in in_order(table) {
            match known.iter().find(|known| *known == key.get_ref()) {
                Some(known) => found.push((*known, value)),
                None => errors.extend([self.unknown(key.span(), key.get_ref(), known)]),
            }
        }
        found
    }

    fn unknown(&self, at: Range<usize>, key: &str, known: &[&str]) -> Diagnostic {
        let list = || format!("the known keys are {}", known.join(", "));
        let help = suggestion(key, known.iter().copied()).unwrap_or_else(list);
        self.error(at, format!("unknown key `{key}`")).help(help)
    }

    /// An array of strings, or a single one.
    pub(super) fn strings(&self, value: &Value<'_>) -> Result<Vec<String>, Diagnostic> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| self.string(item)).collect(),
            _ => Ok(vec![self.string(value)?]),
        }
    }

    pub(super) fn string(&self, value: &Value<'_>) -> Result<String, Diagnostic> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            other => Err(self.expected(value, "string", other.type_str())),
        }
    }

    pub(super) fn boolean(&self, value: &Value<'_>) -> Result<bool, Diagnostic> {
        let wrong = || self.expected(value, "boolean", value.get_ref().type_str());
        value.get_ref().as_bool().ok_or_else(wrong)
    }

    pub(super) fn table<'v, 't>(&self, value: &'v Value<'t>) -> Result<&'v DeTable<'t>, Diagnostic> {
        let wrong = || self.expected(value, "table", value.get_ref().type_str());
        value.get_ref().as_table().ok_or_else(wrong)
    }

    /// The error about a value of the wrong type.
    pub(super) fn expected(&self, value: &Value<'_>, wanted: &str, found: &str) -> Diagnostic {
        self.error(value.span(), format!("expected {wanted}, found {found}"))
    }
}
