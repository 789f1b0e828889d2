//! What a rule finds in, changes with their positions out.

use super::change::Change;
use super::rules::Rule;
use super::schema::Schema;
use crate::source::Path;
use rgrpc_schema::Position;

/// The same thing in both versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Both<T> {
    pub(super) old: T,
    pub(super) new: T,
}

impl<T> Both<T> {
    /// What a function makes of each.
    pub(super) fn map<R>(&self, f: impl Fn(&T) -> R) -> Both<R> {
        Both { old: f(&self.old), new: f(&self.new) }
    }
}

impl<T: PartialEq> Both<T> {
    pub(super) fn differ(&self) -> bool {
        self.old != self.new
    }
}

/// Where an element is declared: the index of its file, and its path in it; the empty path is the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) path: Path,
}

impl Place {
    /// The place of a part that these steps lead to.
    pub(super) fn below(&self, steps: &[i32]) -> Self {
        Self { file: self.file, path: self.path.below(steps) }
    }
}

/// Something that has a place and a name.
pub(super) trait Placed {
    fn place(&self) -> &Place;
    /// `.user.v1.User.name`; for a file its name.
    fn full_name(&self) -> &str;
}

/// What one rule finds.
pub(super) struct Report<'a> {
    rule: &'static Rule,
    schemas: Both<&'a Schema<'a>>,
    changes: &'a mut Vec<Change>,
}

impl<'a> Report<'a> {
    pub(super) fn new(rule: &'static Rule, schemas: Both<&'a Schema<'a>>, changes: &'a mut Vec<Change>) -> Self {
        Self { rule, schemas, changes }
    }

    pub(super) fn rule_name(&self) -> &'static str {
        self.rule.name
    }

    /// An element is not what it was.
    pub(super) fn changed<P: Placed>(&mut self, pair: &Both<&P>, message: impl Into<String>) {
        self.changed_at(pair, &[], message);
    }

    /// The same, at a part of the element that these steps lead to, where it is spelled out.
    pub(super) fn changed_at<P: Placed>(&mut self, pair: &Both<&P>, steps: &[i32], message: impl Into<String>) {
        let [old, new] = [pair.old, pair.new].map(|element| element.place().below(steps));
        self.push(pair.new.full_name(), Some(old), Some(new), message);
    }

    /// Something changed at these places; where an element has gone, `new` is what is left around it.
    pub(super) fn push(&mut self, element: &str, old: Option<Place>, new: Option<Place>, message: impl Into<String>) {
        let position = |schema: &Schema<'_>, place: Option<Place>| -> Option<Position> {
            place.map(|place| schema.position(&place))
        };
        self.changes.push(Change {
            new: position(self.schemas.new, new),
            old: position(self.schemas.old, old),
            element: element.to_owned(),
            message: message.into(),
            rule: self.rule,
        });
    }
}
