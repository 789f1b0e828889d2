//! Counts outcomes, and keeps the first few differences of each kind.

use std::collections::BTreeMap;
use std::fmt;

/// The number of differences of each kind that are printed.
const SHOWN: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The descriptor of the file is equal, byte for byte.
    Equal,
    /// So is the one without source info, in a set with imports and all options.
    EqualComplete,
    RefusedAlike,
    /// protoc itself aborts.
    ProtocCrashes,
    Differs,
    LegalRefused,
    BrokenAccepted,
    RefusedElsewhere,
    Crash,
}

impl Kind {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Equal, "equal"),
        (Self::EqualComplete, "equal with imports and options"),
        (Self::RefusedAlike, "refused alike"),
        (Self::ProtocCrashes, "protoc crashes"),
        (Self::Differs, "DIFFERENT"),
        (Self::LegalRefused, "LEGAL REFUSED"),
        (Self::BrokenAccepted, "BROKEN ACCEPTED"),
        (Self::RefusedElsewhere, "REFUSED ELSEWHERE"),
        (Self::Crash, "CRASH"),
    ];

    fn is_difference(self) -> bool {
        self >= Self::Differs
    }

    fn words(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, words)| words)
    }
}

#[derive(Debug, Default)]
pub struct Tally {
    counts: BTreeMap<Kind, usize>,
    differences: Vec<(Kind, String)>,
}

impl Tally {
    pub fn count(&mut self, kind: Kind, file: &str, explained: impl FnOnce() -> String) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if kind.is_difference() && *count <= SHOWN {
            self.differences.push((kind, format!("{file}\n    {}", explained())));
        }
    }

    /// Adds another tally, and prints the differences that it found.
    pub fn add(&mut self, other: Self) {
        for (kind, difference) in other.differences {
            println!("{}: {difference}", kind.words());
        }
        for (kind, count) in other.counts {
            *self.counts.entry(kind).or_default() += count;
        }
    }

    pub fn is_equal(&self) -> bool {
        self.counts.contains_key(&Kind::Equal) && !self.counts.keys().any(|kind| kind.is_difference())
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = Kind::ALL.iter().filter_map(|(kind, words)| Some(format!("{words} {}", self.counts.get(kind)?)));
        f.write_str(&counts.collect::<Vec<_>>().join(", "))
    }
}
