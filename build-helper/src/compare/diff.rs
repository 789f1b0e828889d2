//! Two texts in, a unified diff that a person can read out.

use std::path::Path;

use similar::TextDiff;

/// Lines of a diff; whoever wants the rest generates the files, and asks version control.
const LINES: usize = 200;

/// Characters of a line; embedded descriptors are one line of any length.
const WIDTH: usize = 200;

pub(super) fn unified(path: &Path, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().header(&path.display().to_string(), "generated").to_string();
    let lines: Vec<&str> = text.lines().collect();
    let mut shown = String::new();
    for line in lines.iter().take(LINES) {
        match line.char_indices().nth(WIDTH) {
            Some((end, _)) => shown.extend([&line[..end], "…\n"]),
            None => shown.extend([line, "\n"]),
        }
    }
    if let Some(more @ 1..) = lines.len().checked_sub(LINES) {
        shown.extend(["… and ", &more.to_string(), " more lines\n"]);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(last: u32) -> String {
        let lines: Vec<String> = (1..=last).map(|number| number.to_string()).collect();
        lines.join("\n") + "\n"
    }

    #[test]
    fn a_diff_has_three_lines_around_a_change() {
        let old = numbers(9);
        let new = old.replace("5\n", "five\n");
        assert_eq!(
            unified(Path::new("src/a.rs"), &old, &new),
            "--- src/a.rs\n+++ generated\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
        );
    }

    #[test]
    fn what_nobody_reads_is_left_out() {
        let diff = unified(Path::new("a.rs"), "", &numbers(1000));
        assert_eq!(diff.lines().count(), LINES + 1);
        assert!(diff.ends_with("\n+197\n… and 803 more lines\n"), "{diff}");

        let diff = unified(Path::new("a.rs"), "", &"é".repeat(1000));
        let longest = diff.lines().map(|line| line.chars().count()).max();
        assert_eq!(longest, Some(WIDTH + 1));
    }
}
