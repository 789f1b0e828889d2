//! Prints a unified diff of two texts, cut to a length that a person reads.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// The largest number of lines that are shown. For the rest, generate the files and use version control.
const MAX_LINES: usize = 200;

/// The largest number of characters that are shown of a line. Embedded descriptors are one line of any length.
const MAX_WIDTH: usize = 200;

/// The number of unchanged lines that are shown around a change.
const CONTEXT: usize = 3;

/// The largest depth of recursion.
const MAX_DEPTH: usize = 50;

pub(super) fn unified(path: &Path, old: &str, new: &str) -> String {
    let text = diff(old, new, &path.display().to_string());
    let lines: Vec<&str> = text.lines().collect();
    let mut shown = String::new();
    for line in lines.iter().take(MAX_LINES) {
        match line.char_indices().nth(MAX_WIDTH) {
            Some((end, _)) => shown.extend([&line[..end], "…\n"]),
            None => shown.extend([line, "\n"]),
        }
    }
    if let Some(more @ 1..) = lines.len().checked_sub(MAX_LINES) {
        shown.extend(["… and ", &more.to_string(), " more lines\n"]);
    }
    shown
}

/// A range of lines of the old text, and the lines of the new text that replace it.
type Change = (Range<usize>, Range<usize>);

fn diff(old: &str, new: &str, name: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut text = String::new();
    for hunk in hunks(&changes(&old, &new)) {
        let ((first, _), (last, _)) = (&hunk[0], &hunk[hunk.len() - 1]);
        let before = first.start.min(CONTEXT);
        let after = (old.len() - last.end).min(CONTEXT);
        let span =
            |of: fn(&Change) -> &Range<usize>| of(&hunk[0]).start - before..of(&hunk[hunk.len() - 1]).end + after;
        let (in_old, in_new) = (span(|change| &change.0), span(|change| &change.1));
        if text.is_empty() {
            text = format!("--- {name}\n+++ generated\n");
        }
        text.extend(["@@ -", &place(&in_old), " +", &place(&in_new), " @@\n"]);
        let mut at = in_old.start;
        for (deleted, added) in hunk {
            push(' ', &old[at..deleted.start], &mut text);
            push('-', &old[deleted.clone()], &mut text);
            push('+', &new[added.clone()], &mut text);
            at = deleted.end;
        }
        push(' ', &old[at..in_old.end], &mut text);
    }
    text
}

fn push(sign: char, lines: &[&str], text: &mut String) {
    for line in lines {
        text.push(sign);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// The range in the header of a hunk: the first line, counted from 1, and the number of lines.
fn place(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => (lines.start + 1).to_string(),
        count => format!("{},{count}", lines.start + 1),
    }
}

/// Groups changes that are so close that their contexts overlap.
fn hunks(changes: &[Change]) -> impl Iterator<Item = &[Change]> {
    changes.chunk_by(|(before, _), (after, _)| after.start - before.end <= 2 * CONTEXT)
}

/// The changes between two texts, by patience diff: the longest common sequence of lines that occur once in each text is unchanged, and the
/// parts between these lines are compared recursively.
fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let mut changes = Vec::new();
    add_changes(old, new, (0, 0), MAX_DEPTH, &mut changes);
    changes
}

/// Adds the changes between two parts of the texts, which start at lines `x` and `y`.
fn add_changes(old: &[&str], new: &[&str], (x, y): (usize, usize), depth: usize, changes: &mut Vec<Change>) {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    let (x, y) = (x + start, y + start);
    let unchanged = if depth == 0 { Vec::new() } else { longest_increasing(&unique_in_both(old, new)) };
    if unchanged.is_empty() {
        if !(old.is_empty() && new.is_empty()) {
            changes.push((x..x + old.len(), y..y + new.len()));
        }
        return;
    }
    let (mut in_old, mut in_new) = (0, 0);
    for (old_end, new_end) in unchanged.into_iter().chain([(old.len(), new.len())]) {
        let between = (&old[in_old..old_end], &new[in_new..new_end]);
        add_changes(between.0, between.1, (x + in_old, y + in_new), depth - 1, changes);
        (in_old, in_new) = (old_end + 1, new_end + 1);
    }
}

/// The positions of the lines that occur once in each text, in the order of the old one.
fn unique_in_both(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let (old, new) = (unique(old), unique(new));
    let mut pairs: Vec<(usize, usize)> =
        old.iter().filter_map(|(line, index)| Some(((*index)?, (*new.get(line)?)?))).collect();
    pairs.sort_unstable();
    pairs
}

/// The position of each line; `None` for a line that occurs more than once.
fn unique<'l>(lines: &[&'l str]) -> BTreeMap<&'l str, Option<usize>> {
    let mut found = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        found.entry(*line).and_modify(|index| *index = None).or_insert(Some(index));
    }
    found
}

/// The longest subsequence of pairs in which both sides increase. The left sides of `pairs` increase already.
fn longest_increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the last pair of the best subsequence so far; and for each pair, its predecessor.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    for (index, (_, new)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].1 < *new);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() { ends.push(index) } else { ends[length] = index }
    }
    let back = std::iter::successors(ends.last().copied(), |&index| before[index]);
    let mut series: Vec<_> = back.map(|index| pairs[index]).collect();
    series.reverse();
    series
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(last: u32) -> String {
        let lines: Vec<String> = (1..=last).map(|number| number.to_string()).collect();
        lines.join("\n") + "\n"
    }

    #[test]
    fn a_change_has_three_lines_of_context() {
        let old = numbers(9);
        let new = old.replace("5\n", "five\n");
        assert_eq!(
            unified(Path::new("src/a.rs"), &old, &new),
            "--- src/a.rs\n+++ generated\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
        );
    }

    #[test]
    fn long_diffs_and_long_lines_are_cut() {
        let diff = unified(Path::new("a.rs"), "", &numbers(1000));
        assert_eq!(diff.lines().count(), MAX_LINES + 1);
        assert!(diff.ends_with("\n+197\n… and 803 more lines\n"), "{diff}");

        let diff = unified(Path::new("a.rs"), "", &"é".repeat(1000));
        let longest = diff.lines().map(|line| line.chars().count()).max();
        assert_eq!(longest, Some(MAX_WIDTH + 1));
    }

    /// Another implementation prints the same diff for small changes.
    #[test]
    fn the_format_is_that_of_unified_diffs() {
        let old = numbers(40);
        for (from, to) in [
            ("", ""),
            ("1\n2\n", "2\n"),
            ("20\n", ""),
            ("20\n", "20\nnew\n"),
            ("5\n6\n", "five\n"),
            ("\n3\n", "\nthree\n"),
            ("39\n40\n", "39\n40"),
            ("40\n", "forty"),
        ] {
            let new = old.replacen(from, to, 1).replacen("30\n", "thirty\n", 1);
            let judge = similar::TextDiff::from_lines(&old, &new);
            let judged = judge.unified_diff().header("a", "generated").to_string();
            assert_eq!(diff(&old, &new, "a"), judged, "{from:?} to {to:?}");
        }
        for (old, new) in [("", "a\n"), ("a\n", ""), ("a", "a\n"), ("", "")] {
            let judge = similar::TextDiff::from_lines(old, new);
            assert_eq!(diff(old, new, "a"), judge.unified_diff().header("a", "generated").to_string());
        }
    }

    #[test]
    fn applying_the_changes_to_the_old_text_gives_the_new_one() {
        let mut seed = 1_u32;
        let mut random = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        for _ in 0..500 {
            let mut lines =
                |count| (0..count).map(|_| ["a", "b", "}", "c", "d"][random(5) as usize]).collect::<Vec<_>>();
            let (old, new) = (lines(12), lines(15));
            let mut made = Vec::new();
            let mut at = 0;
            for (deleted, added) in changes(&old, &new) {
                made.extend_from_slice(&old[at..deleted.start]);
                assert_eq!(made.len(), added.start);
                made.extend_from_slice(&new[added]);
                at = deleted.end;
            }
            made.extend_from_slice(&old[at..]);
            assert_eq!(made, new);
        }
    }
}
