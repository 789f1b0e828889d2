//! Formats breaking changes, and the list of rules.

use std::fmt::Write as _;

use anstyle::Style;
use rgrpc_build::breaking::{Category, Change, RULES};

use crate::arguments::Format;
use crate::json;
use crate::style::{self, BOLD};

/// Every change, and their number, which is at least one.
pub(crate) fn text(changes: &[Change], against: &str) -> String {
    let line_style = |index: usize, _: &str| if index == 0 { BOLD } else { Style::new() };
    let shown = changes.iter().map(|change| style::lines(&change.to_string(), line_style) + "\n");
    let text: String = shown.collect();
    let count =
        if changes.len() == 1 { "1 breaking change".to_owned() } else { format!("{} breaking changes", changes.len()) };
    text + "\n" + &count + " since " + against + "\n"
}

/// Every rule, grouped by category.
pub(crate) fn rules(format: Format) -> String {
    if format == Format::Json {
        return json::lines(RULES.iter().map(json::rule));
    }
    let mut text = String::new();
    for category in Category::ALL {
        let _ = writeln!(text, "{BOLD}{category}{BOLD:#}: {}", category.purpose());
        for rule in RULES.iter().filter(|rule| rule.categories.contains(category)) {
            let _ = writeln!(text, "    {BOLD}{}{BOLD:#}: {}", rule.name, rule.purpose);
        }
        text += "\n";
    }
    text + "The rules of FILE, PACKAGE, WIRE_JSON and WIRE are those of `buf breaking`.\n"
}
