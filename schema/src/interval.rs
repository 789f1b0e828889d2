//! Intervals of numbers: the extension ranges and reserved ranges of messages and enums.

use std::fmt;

/// Tagged intervals, sorted so that a search for a number or an overlap need not look at all of them.
///
/// Empty intervals are left out, since they contain no number.
pub(crate) struct Intervals<T> {
    /// The tags, in the order of declaration.
    tags: Vec<T>,
    sorted: SortedIntervals,
}

impl<T: Copy> Intervals<T> {
    pub fn new(declared: impl IntoIterator<Item = (Interval, T)>) -> Self {
        let (intervals, tags): (Vec<_>, _) = declared.into_iter().unzip();
        Self { tags, sorted: SortedIntervals::new(&intervals) }
    }

    /// Returns an interval that overlaps with `other`.
    pub fn overlapping(&self, other: Interval) -> Option<(Interval, T)> {
        Some(self.tagged(self.sorted.overlapping(other)?))
    }

    /// Returns an interval that contains a number.
    pub fn containing(&self, number: i32) -> Option<(Interval, T)> {
        self.overlapping(Interval::closed(number, number))
    }

    /// Returns pairs of overlapping intervals, in the order of declaration: fewer than there are intervals, but every interval that overlaps
    /// with another is in one of them.
    pub fn overlaps(&self) -> Vec<[(Interval, T); 2]> {
        self.sorted.overlaps().into_iter().map(|pair| pair.map(|entry| self.tagged(entry))).collect()
    }

    fn tagged(&self, entry: SortedInterval) -> (Interval, T) {
        (entry.interval, self.tags[entry.declared])
    }
}

/// Intervals sorted by their first number, then by the order of declaration. They have no tags, so that this code is compiled only once.
struct SortedIntervals(Vec<SortedInterval>);

#[derive(Clone, Copy)]
struct SortedInterval {
    interval: Interval,
    /// The position in the order of declaration.
    declared: usize,
    /// The index of the entry with the highest last number, among those up to this one.
    farthest: usize,
}

impl SortedIntervals {
    fn new(declared: &[Interval]) -> Self {
        let declared = declared.iter().enumerate().filter(|(_, interval)| !interval.is_empty());
        let entry = |(declared, &interval)| SortedInterval { interval, declared, farthest: 0 };
        let mut sorted: Vec<SortedInterval> = declared.map(entry).collect();
        sorted.sort_by_key(|entry| entry.interval.first);
        let mut farthest = 0;
        for index in 0..sorted.len() {
            if sorted[index].interval.last > sorted[farthest].interval.last {
                farthest = index;
            }
            sorted[index].farthest = farthest;
        }
        Self(sorted)
    }

    fn overlapping(&self, other: Interval) -> Option<SortedInterval> {
        let starting_before_its_end = self.0.partition_point(|entry| entry.interval.first <= other.last);
        let last = starting_before_its_end.checked_sub(1)?;
        let farthest = self.0[self.0[last].farthest];
        (!other.is_empty() && farthest.interval.last >= other.first).then_some(farthest)
    }

    fn overlaps(&self) -> Vec<[SortedInterval; 2]> {
        let pairs = self.0.windows(2).filter_map(|pair| {
            let [before, entry] = *pair else { return None };
            let farthest = self.0[before.farthest];
            let pair = if farthest.declared < entry.declared { [farthest, entry] } else { [entry, farthest] };
            (farthest.interval.last >= entry.interval.first).then_some(pair)
        });
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_by_key(|pair| pair.map(|entry| entry.declared));
        pairs
    }
}

/// The numbers from `first` to `last`, both included; empty if `last` is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub first: i64,
    pub last: i64,
}

impl Interval {
    /// Returns a range of a message, whose end is exclusive.
    pub fn half_open(start: i32, end: i32) -> Self {
        Self { last: i64::from(end) - 1, ..Self::closed(start, end) }
    }

    /// Returns a range of an enum, whose end is inclusive.
    pub fn closed(start: i32, end: i32) -> Self {
        Self { first: start.into(), last: end.into() }
    }

    pub fn is_empty(self) -> bool {
        self.last < self.first
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

#[cfg(test)]
mod tests {
    use super::*;

    fn intervals(declared: &[(i32, i32)]) -> Intervals<usize> {
        let tagged = declared.iter().enumerate().map(|(tag, &(first, last))| (Interval::closed(first, last), tag));
        Intervals::new(tagged)
    }

    #[track_caller]
    fn check(declared: &[(i32, i32)], expected: &[[usize; 2]]) {
        let pairs: Vec<_> = intervals(declared).overlaps().into_iter().map(|pair| pair.map(|(_, tag)| tag)).collect();
        assert_eq!(pairs, expected);
    }

    #[test]
    fn overlaps() {
        check(&[], &[]);
        check(&[(6, 7), (1, 5)], &[]);
        check(&[(1, 5), (5, 6)], &[[0, 1]]);
        check(&[(5, 6), (1, 5)], &[[0, 1]]);
        check(&[(1, 9), (2, 3), (4, 5), (9, 10)], &[[0, 1], [0, 2], [0, 3]]);
        check(&[(9, 8), (1, 20), (20, 1)], &[]);
        check(&[(i32::MIN, i32::MAX), (i32::MAX, i32::MAX)], &[[0, 1]]);
    }

    #[test]
    fn an_interval_is_in_a_pair_if_it_overlaps_with_another() {
        let mut numbers = (1..).map(|step: i32| step * step % 97);
        for count in 0..200 {
            let starts: Vec<_> = numbers.by_ref().take(count % 12).collect();
            let declared: Vec<_> = starts.iter().map(|start| (*start, start + numbers.next().unwrap() % 9)).collect();
            let intervals = intervals(&declared);
            let overlap = |a: usize, b: usize| declared[a].0 <= declared[b].1 && declared[b].0 <= declared[a].1;
            let pairs = intervals.overlaps();
            for own in 0..declared.len() {
                let expected = (0..declared.len()).any(|other| own != other && overlap(own, other));
                assert_eq!(pairs.iter().flatten().any(|(_, tag)| *tag == own), expected, "{declared:?}");
            }
            assert!(pairs.iter().all(|[(_, a), (_, b)]| a < b && overlap(*a, *b)), "{declared:?}");
            for wanted in 0..110 {
                let holds = |tag: usize| (declared[tag].0..=declared[tag].1).contains(&wanted);
                let found = intervals.containing(wanted).map(|(_, tag)| holds(tag));
                assert_eq!(found, (0..declared.len()).any(holds).then_some(true), "{wanted} in {declared:?}");
            }
        }
    }
}
