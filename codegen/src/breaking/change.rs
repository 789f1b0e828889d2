//! One breaking change, and how it is printed.

use std::cmp::Ordering;
use std::fmt;

use rgrpc_schema::Position;

use super::rule::Rule;

/// A change that breaks a promise.
///
/// Its `Display` is what changed, where it is and where it was:
///
/// ```text
/// user/v1/user.proto:8:3: field 2 of `user.v1.User` changed its type from `string` to `int32` (FIELD_SAME_TYPE)
///   old: user/v1/user.proto:9:3
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Change {
    /// Where it is in the new version: the element, or what is left around it; absent if nothing is left of its file.
    pub new: Option<Position>,
    /// Where it was in the old version; absent for a new element without anything around it.
    pub old: Option<Position>,
    /// The full name of the element with a dot in front, `.user.v1.User.name`; for a file its name.
    pub element: String,
    /// The change, in lower case, without a full stop.
    pub message: String,
    /// The promise that it breaks.
    pub rule: &'static Rule,
}

impl Change {
    fn key(&self) -> (Option<&Position>, Option<&Position>, &str, &str, &str) {
        // An element that is gone is listed at its old place.
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
