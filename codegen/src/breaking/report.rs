//! Turns the findings of a rule into changes with positions.

use super::change::Change;
use super::elements::Located;
use super::location::Location;
use super::rule::Rule;
use super::version::Version;
use super::versions::Versions;

/// The findings of one rule.
pub(super) struct Report<'v> {
    rule: &'static Rule,
    versions: Versions<&'v Version<'v>>,
    changes: &'v mut Vec<Change>,
}

impl<'v> Report<'v> {
    pub(super) fn new(rule: &'static Rule, versions: Versions<&'v Version<'v>>, changes: &'v mut Vec<Change>) -> Self {
        Self { rule, versions, changes }
    }

    pub(super) fn rule_name(&self) -> &'static str {
        self.rule.name
    }

    /// Reports that an element changed.
    pub(super) fn changed(&mut self, pair: &Versions<impl Located>, message: impl Into<String>) {
        self.changed_at(pair, &[], message);
    }

    /// Reports that an element changed, at the position of the part at the end of these steps, if the source spells it out.
    pub(super) fn changed_at(&mut self, pair: &Versions<impl Located>, steps: &[i32], message: impl Into<String>) {
        let Versions { old, new } = pair.map(|element| element.location().below(steps));
        self.push(&pair.new.full_name(), Some(old), Some(new), message);
    }

    /// Reports a change at these locations. For a deleted element, `new` is the location of the innermost element around it that remains.
    pub(super) fn push(
        &mut self,
        element: &str,
        old: Option<Location>,
        new: Option<Location>,
        message: impl Into<String>,
    ) {
        self.changes.push(Change {
            new: new.map(|location| self.versions.new.position(&location)),
            old: old.map(|location| self.versions.old.position(&location)),
            element: element.to_owned(),
            message: message.into(),
            rule: self.rule,
        });
    }
}
