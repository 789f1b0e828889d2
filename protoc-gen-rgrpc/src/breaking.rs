//! Arguments of `breaking` in, the comparison and the text that it prints out.

use std::fmt::Write as _;

use anstyle::Style;
use rgrpc_build::Builder;
use rgrpc_build::breaking::{Against, Category, Change, Position, RULES, Rule};
use serde_json::{Value, json};

use crate::arguments::{Format, Gate};

const STRONG: Style = Style::new().bold();

/// A wrong name is reported when the versions are compared.
pub(crate) fn against(builder: Builder, gate: &Gate) -> Against {
    let against = builder.against(&gate.against);
    let against = gate.used.iter().fold(against, Against::use_only);
    let against = gate.except.iter().fold(against, Against::except);
    gate.ignore.iter().fold(against, Against::ignore)
}

/// Nothing, if nothing breaks.
pub(crate) fn text(changes: &[Change], gate: &Gate) -> String {
    if gate.format == Format::Json {
        return lines(changes.iter().map(change));
    }
    let mut text = String::new();
    for change in changes {
        let shown = change.to_string();
        let (what, rest) = shown.split_once('\n').unwrap_or((&shown, ""));
        let _ = writeln!(text, "{STRONG}{what}{STRONG:#}");
        if !rest.is_empty() {
            let _ = writeln!(text, "{rest}");
        }
    }
    let count = match changes.len() {
        0 => return String::new(),
        1 => "1 breaking change".to_owned(),
        count => format!("{count} breaking changes"),
    };
    text + "\n" + &count + " since " + &gate.against.to_string_lossy() + "\n"
}

/// Every rule, below its categories.
pub(crate) fn rules(format: Format) -> String {
    if format == Format::Json {
        return lines(RULES.iter().map(rule));
    }
    let mut text = String::new();
    for category in Category::ALL {
        let _ = writeln!(text, "{STRONG}{category}{STRONG:#}: {}", category.purpose());
        for rule in RULES.iter().filter(|rule| rule.categories.contains(&category)) {
            let _ = writeln!(text, "    {STRONG}{}{STRONG:#}: {}", rule.name, rule.purpose);
        }
        text += "\n";
    }
    text + "Those of FILE, PACKAGE, WIRE_JSON and WIRE are the rules of `buf breaking`.\n"
}

fn lines(objects: impl Iterator<Item = Value>) -> String {
    objects.fold(String::new(), |text, object| text + &object.to_string() + "\n")
}

fn rule(rule: &Rule) -> Value {
    let categories: Vec<&str> = rule.categories.iter().map(|category| category.name()).collect();
    json!({ "rule": rule.name, "categories": categories, "purpose": rule.purpose })
}

fn change(change: &Change) -> Value {
    let categories: Vec<&str> = change.rule.categories.iter().map(|category| category.name()).collect();
    json!({
        "rule": change.rule.name,
        "categories": categories,
        "message": change.message,
        "element": change.element,
        "new": change.new.as_ref().map(position),
        "old": change.old.as_ref().map(position),
    })
}

/// Lines and columns are counted from 1, and absent where a descriptor set does not tell them.
fn position(position: &Position) -> Value {
    let (line, column) = position.line_column.unzip();
    json!({ "file": position.file, "line": line, "column": column })
}
