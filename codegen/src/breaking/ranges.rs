//! Compares ranges of numbers.

/// The first and the last number of a range.
pub(super) type Range = (i32, i32);

/// The parts of the `old` ranges that no `new` range contains.
pub(super) fn missing(old: &[Range], new: &[Range]) -> Vec<Range> {
    let mut new = new.to_vec();
    new.sort_unstable();
    let mut missing = Vec::new();
    for &(start, end) in old {
        let mut next = i64::from(start);
        for &(new_start, new_end) in new.iter().filter(|new| new.1 >= start && new.0 <= end) {
            if next < i64::from(new_start) {
                missing.push((narrow(next), new_start - 1));
            }
            next = next.max(i64::from(new_end) + 1);
        }
        if next <= i64::from(end) {
            missing.push((narrow(next), end));
        }
    }
    missing
}

/// Converts back to `i32`. The number is within a range, so it fits.
fn narrow(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// `1, 3 to 5, 7 to max`.
pub(super) fn display(ranges: &[Range], max: i32) -> String {
    let texts = ranges.iter().map(|&(start, end)| match end {
        _ if start == end => start.to_string(),
        _ if end == max => format!("{start} to max"),
        _ => format!("{start} to {end}"),
    });
    texts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &[Range], new: &[Range], expected: &str) {
        assert_eq!(display(&missing(old, new), i32::MAX), expected);
    }

    #[test]
    fn a_range_may_be_covered_by_several() {
        check(&[(1, 9)], &[(5, 9), (1, 4)], "");
        check(&[(1, 9)], &[(0, 100)], "");
        check(&[], &[(1, 2)], "");
    }

    #[test]
    fn gaps_are_missing_at_both_ends_and_between() {
        check(&[(1, 9)], &[], "1 to 9");
        check(&[(1, 9)], &[(3, 4), (6, 6)], "1 to 2, 5, 7 to 9");
        check(&[(1, 9)], &[(20, 30)], "1 to 9");
        check(&[(5, i32::MAX)], &[(5, 5)], "6 to max");
        check(&[(i32::MIN, i32::MAX)], &[(i32::MIN, i32::MAX - 1)], "2147483647");
    }
}
