//! Formats the differences that `check` finds, and the command that resolves them.

use anstyle::{AnsiColor, Style};
use rgrpc_build::Difference;

use crate::style::{self, BOLD, color};

pub(crate) fn text(differences: &[Difference], repair: &str) -> String {
    let shown = differences.iter().map(|difference| style::lines(&difference.to_string(), line_style) + "\n\n");
    let text: String = shown.collect();
    if Difference::all_can_be_repaired(differences) { text + "repair: " + repair + "\n" } else { text }
}

/// The first line describes the difference; the others are a diff.
fn line_style(index: usize, line: &str) -> Style {
    match line.as_bytes().first() {
        _ if index == 0 => BOLD,
        Some(b'+') => color(AnsiColor::Green),
        Some(b'-') => color(AnsiColor::Red),
        Some(b'@') => color(AnsiColor::Cyan),
        _ => Style::new(),
    }
}
