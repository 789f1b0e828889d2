//! A value of the JSON and where it stands; finds fields, and says which are missing, misspelt or of another type.

use std::{cell::RefCell, collections::BTreeSet};

use super::nearby;
use crate::{
    Problem,
    json::{Field, Kind, Value},
};

/// All that reading found wrong, and the unknown fields that look like known ones.
#[derive(Default)]
pub(super) struct Found {
    pub(super) problems: Vec<Problem>,
    pub(super) ignored: Vec<Problem>,
}

impl Found {
    pub(super) fn problem(&mut self, place: &Place, message: impl Into<String>) {
        self.problems.push(Problem::new(&*place.path, place.at, message));
    }

    pub(super) fn ignored(&mut self, place: &Place, message: impl Into<String>) {
        self.ignored.push(Problem::new(&*place.path, place.at, message));
    }
}

/// Where something stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub(super) path: String,
    /// How many bytes are before it.
    pub(super) at: usize,
}

impl Place {
    fn below(&self, name: &str, at: usize) -> Self {
        Self { path: format!("{}{name}", self.path), at }
    }
}

/// A value and its place.
pub(super) struct At<'a> {
    value: &'a Value<'a>,
    place: Place,
}

impl<'a> At<'a> {
    pub(super) fn root(value: &'a Value<'a>) -> Self {
        Self { value, place: Place { path: String::new(), at: value.at } }
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

    /// Nothing, after saying that `expected` should be here.
    pub(super) fn expected<T>(&self, expected: &str, found: &mut Found) -> Option<T> {
        let shown = match self.kind() {
            Kind::Object(_) => "an object",
            Kind::List(_) => "a list",
            _ => self.written(),
        };
        found.problem(&self.place, format!("expected {expected}, found {shown}"));
        None
    }

    pub(super) fn object(&self, found: &mut Found) -> Option<Object<'a>> {
        let Kind::Object(fields) = self.kind() else { return self.expected("an object", found) };
        let object = Object { fields, place: self.place.clone(), known: RefCell::default() };
        object.check_unique(found);
        Some(object)
    }

    pub(super) fn list(&self, found: &mut Found) -> Option<Vec<At<'a>>> {
        let Kind::List(values) = self.kind() else { return self.expected("a list", found) };
        let item =
            |(i, value): (usize, &'a Value<'a>)| At { value, place: self.place.below(&format!("[{i}]"), value.at) };
        Some(values.iter().enumerate().map(item).collect())
    }
}

/// An object, its place, and which of its fields were asked for.
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

    fn check_unique(&self, found: &mut Found) {
        let mut names = BTreeSet::new();
        for Field { at, name, .. } in self.fields {
            if !names.insert(name) {
                found.problem(&self.place.below(&format!(".{name}"), *at), "is there twice");
            }
        }
    }

    /// The field `name`, unless it is missing; in protobuf's JSON, `null` is as good as missing.
    pub(super) fn get(&self, name: &'static str) -> Option<At<'a>> {
        self.known.borrow_mut().push(name);
        let Field { at, value, .. } = self.fields.iter().find(|field| field.name == name)?;
        let place = self.place.below(&format!(".{name}"), *at);
        Some(At { value, place }).filter(|at| !matches!(at.kind(), Kind::Null))
    }

    /// Reads the field `name` by `read`, if it is there.
    pub(super) fn optional<T>(
        &self,
        name: &'static str,
        found: &mut Found,
        read: impl FnOnce(&At<'a>, &mut Found) -> Option<T>,
    ) -> Option<T> {
        self.get(name).and_then(|at| read(&at, found))
    }

    /// Reads the field `name` by `read`; it must be there.
    pub(super) fn required<T>(
        &self,
        name: &'static str,
        found: &mut Found,
        read: impl FnOnce(&At<'a>, &mut Found) -> Option<T>,
    ) -> Option<T> {
        let at = self.get(name);
        if at.is_none() {
            self.missing(name, found);
        }
        at.and_then(|at| read(&at, found))
    }

    /// Says that `name` is missing, and which field may have been meant to be it.
    pub(super) fn missing(&self, name: &str, found: &mut Found) {
        let place = self.place.below(&format!(".{name}"), self.place.at);
        match self.misspelt(name) {
            Some(written) => {
                found.problem(&place, format!("missing; `{written}` is an unknown field: did you mean `{name}`?"));
            }
            None => found.problem(&place, "missing"),
        }
    }

    /// The field that may have been meant to be `name`.
    pub(super) fn misspelt(&self, name: &str) -> Option<&'a str> {
        self.names().find(|written| nearby::is_near(written, name))
    }

    /// Notes the unknown fields that look like known ones; all other unknown fields are nobody's business.
    pub(super) fn finish(&self, found: &mut Found) {
        let known = self.known.borrow();
        let is_there = |name: &str| self.names().any(|written| written == name);
        for Field { at, name: written, .. } in self.fields.iter().filter(|field| !known.contains(&&*field.name)) {
            let meant = known.iter().find(|name| !is_there(name) && nearby::is_near(written, name));
            if let Some(name) = meant {
                let place = self.place.below(&format!(".{written}"), *at);
                found.ignored(&place, format!("ignored, an unknown field; did you mean `{name}`?"));
            }
        }
    }
}
