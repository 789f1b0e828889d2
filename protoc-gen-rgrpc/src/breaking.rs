//! Breaking changes in, the text that tells a person of it out; and the rules.

use std::fmt::Write as _;

use anstyle::Style;
use rgrpc_build::breaking::{Category, Change, RULES};

use crate::arguments::Format;
use crate::json;

const STRONG: Style = Style::new().bold();

/// Every change, and how many there are; there is at least one.
pub(crate) fn text(changes: &[Change], against: &str) -> String {
    let mut text = String::new();
    for change in changes {
        let shown = change.to_string();
        let (what, rest) = shown.split_once('\n').unwrap_or((&shown, ""));
        let _ = writeln!(text, "{STRONG}{what}{STRONG:#}");
        if !rest.is_empty() {
            let _ = writeln!(text, "{rest}");
        }
    }
    let count =
        if changes.len() == 1 { "1 breaking change".to_owned() } else { format!("{} breaking changes", changes.len()) };
    text + "\n" + &count + " since " + against + "\n"
}

/// Every rule, below its categories.
pub(crate) fn rules(format: Format) -> String {
    if format == Format::Json {
        return json::lines(RULES.iter().map(json::rule));
    }
    let mut text = String::new();
    for category in Category::ALL {
        let _ = writeln!(text, "{STRONG}{category}{STRONG:#}: {}", category.purpose());
        for rule in RULES.iter().filter(|rule| rule.categories.contains(category)) {
            let _ = writeln!(text, "    {STRONG}{}{STRONG:#}: {}", rule.name, rule.purpose);
        }
        text += "\n";
    }
    text + "Those of FILE, PACKAGE, WIRE_JSON and WIRE are the rules of `buf breaking`.\n"
}
