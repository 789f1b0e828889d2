//! JSON values with their paths, and the lookup of fields, which reports those that are missing, misspelt or of another type.

use std::{cell::RefCell, collections::BTreeSet};

use super::misspelling;
use crate::{
    Problem,
    json::{Field, Kind, Value},
};

/// The problems that were found, and those that were ignored.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) problems: Vec<Problem>,
    pub(super) ignored: Vec<Problem>,
}

impl Findings {
    pub(super) fn problem(&mut self, place: &Place, message: impl Into<String>) {
        self.problems.push(Problem::new(&*place.path, place.offset, message));
    }

    pub(super) fn ignored(&mut self, place: &Place, message: impl Into<String>) {
        self.ignored.push(Problem::new(&*place.path, place.offset, message));
    }
}

/// The path of a value, and its offset in the document.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// `.methodConfig[0].timeout`
    pub(super) path: String,
    /// In bytes.
    pub(super) offset: usize,
}

impl Place {
    fn below(&self, name: &str, offset: usize) -> Self {
        Self { path: format!("{}{name}", self.path), offset }
    }
}

/// A value and its place.
pub(super) struct Located<'a> {
    value: &'a Value<'a>,
    place: Place,
}

impl<'a> Located<'a> {
    pub(super) fn root(value: &'a Value<'a>) -> Self {
        Self { value, place: Place { path: String::new(), offset: value.offset } }
    }

    pub(super) fn kind(&self) -> &'a Kind<'a> {
        &self.value.kind
    }

    /// The value as it is written.
    pub(super) fn written(&self) -> &'a str {
        self.value.text
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Reports that the value is not `expected`, and returns `None`.
    pub(super) fn expected<T>(&self, expected: &str, findings: &mut Findings) -> Option<T> {
        let shown = match self.kind() {
            Kind::Object(_) => "an object",
            Kind::Array(_) => "an array",
            _ => self.written(),
        };
        findings.problem(&self.place, format!("expected {expected}, found {shown}"));
        None
    }

    pub(super) fn object(&self, findings: &mut Findings) -> Option<Object<'a>> {
        let Kind::Object(fields) = self.kind() else { return self.expected("an object", findings) };
        let object = Object { fields, place: self.place.clone(), known: RefCell::default() };
        object.check_unique(findings);
        Some(object)
    }

    pub(super) fn array(&self, findings: &mut Findings) -> Option<Vec<Located<'a>>> {
        let Kind::Array(values) = self.kind() else { return self.expected("an array", findings) };
        let item = |(i, value): (usize, &'a Value<'a>)| {
            let place = self.place.below(&format!("[{i}]"), value.offset);
            Located { value, place }
        };
        Some(values.iter().enumerate().map(item).collect())
    }
}

/// An object, its place, and the names of the fields that were looked up: the known ones.
pub(super) struct Object<'a> {
    fields: &'a [Field<'a>],
    place: Place,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Object<'a> {
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.fields.iter().map(|field| &*field.name)
    }

    fn check_unique(&self, findings: &mut Findings) {
        let mut names = BTreeSet::new();
        for Field { offset, name, .. } in self.fields {
            if !names.insert(name) {
                findings.problem(&self.place.below(&format!(".{name}"), *offset), "duplicate field");
            }
        }
    }

    /// Returns the field `name`. As in protobuf's JSON, `null` counts as missing.
    pub(super) fn get(&self, name: &'static str) -> Option<Located<'a>> {
        self.known.borrow_mut().push(name);
        let Field { offset, value, .. } = self.fields.iter().find(|field| field.name == name)?;
        let place = self.place.below(&format!(".{name}"), *offset);
        Some(Located { value, place }).filter(|value| !matches!(value.kind(), Kind::Null))
    }

    /// Reads the field `name` by `read`, if there is one.
    pub(super) fn optional<T>(
        &self,
        name: &'static str,
        findings: &mut Findings,
        read: impl FnOnce(&Located<'a>, &mut Findings) -> Option<T>,
    ) -> Option<T> {
        self.get(name).and_then(|value| read(&value, findings))
    }

    /// Reads the field `name` by `read`, or reports that it is missing.
    pub(super) fn required<T>(
        &self,
        name: &'static str,
        findings: &mut Findings,
        read: impl FnOnce(&Located<'a>, &mut Findings) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(name);
        if value.is_none() {
            self.missing(name, findings);
        }
        value.and_then(|value| read(&value, findings))
    }

    /// Reports that `name` is missing, and which unknown field may be a misspelling of it.
    pub(super) fn missing(&self, name: &str, findings: &mut Findings) {
        let place = self.place.below(&format!(".{name}"), self.place.offset);
        match self.misspelt(name) {
            Some(written) => {
                findings.problem(&place, format!("missing; `{written}` is an unknown field: did you mean `{name}`?"));
            }
            None => findings.problem(&place, "missing"),
        }
    }

    /// Returns the field that may be a misspelling of `name`.
    pub(super) fn misspelt(&self, name: &str) -> Option<&'a str> {
        self.names().find(|written| misspelling::is_misspelling(written, name))
    }

    /// Records the unknown fields that may be misspellings of known ones. Other unknown fields are ignored silently.
    pub(super) fn finish(&self, findings: &mut Findings) {
        let known = self.known.borrow();
        let is_there = |name: &str| self.names().any(|written| written == name);
        for Field { offset, name: written, .. } in self.fields.iter().filter(|field| !known.contains(&&*field.name)) {
            let meant = known.iter().find(|name| !is_there(name) && misspelling::is_misspelling(written, name));
            if let Some(name) = meant {
                let place = self.place.below(&format!(".{written}"), *offset);
                findings.ignored(&place, format!("unknown field, ignored; did you mean `{name}`?"));
            }
        }
    }
}
