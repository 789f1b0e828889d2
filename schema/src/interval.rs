//! Intervals of numbers: ranges of extensions and of what is reserved, the same for messages and enums.

use std::fmt;

/// The numbers from a first to a last one; none, if the last one is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub first: i64,
    pub last: i64,
}

impl Interval {
    /// Returns a range of a message, whose end is not part of it.
    pub fn half_open(start: i32, end: i32) -> Self {
        Self { last: i64::from(end) - 1, ..Self::closed(start, end) }
    }

    /// Returns a range of an enum, whose end is part of it.
    pub fn closed(start: i32, end: i32) -> Self {
        Self { first: start.into(), last: end.into() }
    }

    pub fn is_empty(self) -> bool {
        self.last < self.first
    }

    pub fn contains(self, number: i32) -> bool {
        (self.first..=self.last).contains(&number.into())
    }

    /// Returns whether a number is in both; an empty one overlaps with what it is in, as for protoc.
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { first, last } if first == last => first.fmt(f),
            Self { first, last } => write!(f, "{first} to {last}"),
        }
    }
}
