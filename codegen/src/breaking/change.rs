//! A breaking change, and how it is printed.

use std::cmp::Ordering;
use std::fmt;

use rgrpc_schema::Position;

use super::rule::Rule;

/// A change that breaks a rule.
///
/// `Display` prints what changed, and its place in both versions:
///
/// ```text
/// user/v1/user.proto:8:3: field 2 of `user.v1.User` changed its type from `string` to `int32` (FIELD_SAME_TYPE)
///   old: user/v1/user.proto:9:3
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Change {
    /// The position in the new version: of the element, or if it was deleted, of the innermost element around it that remains. `None` if
    /// its file was deleted.
    pub new: Option<Position>,
    /// The position in the old version: of the element, or if it was added, of the element around it. `None` if there is none.
    pub old: Option<Position>,
    /// The full name of the element with a leading dot, `.user.v1.User.name`, or the name of the file.
    pub element: String,
    /// The description of the change: a phrase that starts in lower case and has no full stop.
    pub message: String,
    /// The rule that the change breaks.
    pub rule: &'static Rule,
}

impl Change {
    fn key(&self) -> (Option<&Position>, Option<&Position>, &str, &str, &str) {
        // A deleted element without a new position is sorted by its old one.
        (self.new.as_ref().or(self.old.as_ref()), self.old.as_ref(), &self.element, self.rule.name, &self.message)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.new.as_ref().or(self.old.as_ref()) {
            write!(f, "{position}: ")?;
        }
        write!(f, "{} ({})", self.message, self.rule.name)?;
        match (&self.new, &self.old) {
            (Some(_), Some(old)) => write!(f, "\n  old: {old}"),
            _ => Ok(()),
        }
    }
}

impl PartialEq for Change {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Change {}

impl PartialOrd for Change {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Change {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}
