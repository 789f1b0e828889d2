//! Differences that `check` found in, the text that it prints out: each difference, and the command that repairs all of them if one can.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use rgrpc_build::Difference;

pub(crate) fn text(differences: &[Difference], repair: &str) -> String {
    let mut text = String::new();
    for difference in differences {
        for (number, line) in difference.to_string().lines().enumerate() {
            let style = style(number, line);
            let _ = writeln!(text, "{style}{line}{style:#}");
        }
        text += "\n";
    }
    if Difference::all_can_be_repaired(differences) { text + "repair: " + repair + "\n" } else { text }
}

/// The first line says what the matter is, the others are a diff.
fn style(number: usize, line: &str) -> Style {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match line.as_bytes().first() {
        _ if number == 0 => Style::new().bold(),
        Some(b'+') => color(AnsiColor::Green),
        Some(b'-') => color(AnsiColor::Red),
        Some(b'@') => color(AnsiColor::Cyan),
        _ => Style::new(),
    }
}
