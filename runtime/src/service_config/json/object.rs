//! A value of the JSON and where it stands; finds fields, and says which are missing, misspelt or of another type.

use super::nearby;
use crate::service_config::Problem;
use serde_json::{Map, Value};
use std::cell::RefCell;

/// All that reading found wrong, and the unknown fields that look like known ones.
#[derive(Default)]
pub(super) struct Found {
    pub(super) problems: Vec<Problem>,
    pub(super) ignored: Vec<Problem>,
}

impl Found {
    pub(super) fn problem(&mut self, path: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(path, message));
    }

    pub(super) fn ignored(&mut self, path: &str, message: impl Into<String>) {
        self.ignored.push(Problem::new(path, message));
    }
}

/// A value and its path.
pub(super) struct At<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> At<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, path: String::new() }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Nothing, after saying that `expected` should be here.
    pub(super) fn expected<T>(&self, expected: &str, found: &mut Found) -> Option<T> {
        found.problem(&self.path, format!("expected {expected}, found {}", shown(self.value)));
        None
    }

    pub(super) fn object(&self, found: &mut Found) -> Option<Object<'a>> {
        match self.value {
            Value::Object(fields) => Some(Object { fields, path: self.path.clone(), known: RefCell::default() }),
            _ => self.expected("an object", found),
        }
    }

    pub(super) fn list(&self, found: &mut Found) -> Option<Vec<At<'a>>> {
        let Value::Array(values) = self.value else { return self.expected("a list", found) };
        let item = |(i, value)| At { value, path: format!("{}[{i}]", self.path) };
        Some(values.iter().enumerate().map(item).collect())
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        scalar => scalar.to_string(),
    }
}

/// An object, its path, and which of its fields were asked for.
pub(super) struct Object<'a> {
    fields: &'a Map<String, Value>,
    path: String,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Object<'a> {
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.fields.keys().map(String::as_str)
    }

    /// The field `name`, unless it is missing; in protobuf's JSON, `null` is as good as missing.
    pub(super) fn get(&self, name: &'static str) -> Option<At<'a>> {
        self.known.borrow_mut().push(name);
        let value = self.fields.get(name).filter(|value| !value.is_null())?;
        Some(At { value, path: format!("{}.{name}", self.path) })
    }

    /// What `read` makes of the field `name`, if it is there.
    pub(super) fn optional<T>(
        &self,
        name: &'static str,
        found: &mut Found,
        read: impl FnOnce(&At<'a>, &mut Found) -> Option<T>,
    ) -> Option<T> {
        self.get(name).and_then(|at| read(&at, found))
    }

    /// What `read` makes of the field `name`, which must be there.
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
        let path = format!("{}.{name}", self.path);
        match self.misspelt(name) {
            Some(written) => {
                found.problem(&path, format!("missing; `{written}` is an unknown field: did you mean `{name}`?"));
            }
            None => found.problem(&path, "missing"),
        }
    }

    /// The field that may have been meant to be `name`.
    pub(super) fn misspelt(&self, name: &str) -> Option<&'a str> {
        self.names().find(|written| nearby::is_near(written, name))
    }

    /// Notes the unknown fields that look like known ones; all other unknown fields are nobody's business.
    pub(super) fn finish(&self, found: &mut Found) {
        let known = self.known.borrow();
        for written in self.names().filter(|written| !known.contains(written)) {
            let meant = known.iter().find(|name| !self.fields.contains_key(**name) && nearby::is_near(written, name));
            if let Some(name) = meant {
                let path = format!("{}.{written}", self.path);
                found.ignored(&path, format!("ignored, an unknown field; did you mean `{name}`?"));
            }
        }
    }
}
