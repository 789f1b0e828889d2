//! Formats results, errors and warnings as JSON, one object per line, each with a `type`.

use std::path::{Path, PathBuf};

use rgrpc_build::breaking::{Change, Rule};
use rgrpc_build::{Diagnostic, Difference, Position, Written};
use serde_json::{Value, json};

pub(crate) fn lines(objects: impl IntoIterator<Item = Value>) -> String {
    objects.into_iter().fold(String::new(), |text, object| text + &object.to_string() + "\n")
}

/// An error or a warning.
pub(crate) fn diagnostic(severity: &str, diagnostic: &Diagnostic) -> Value {
    let note = diagnostic.note.as_ref();
    json!({
        "type": "diagnostic",
        "severity": severity,
        "message": diagnostic.message,
        "position": diagnostic.position.as_ref().map(position),
        "note": note.map(|note| json!({ "message": note.message, "position": position(&note.position) })),
        "help": diagnostic.help,
    })
}

pub(crate) fn written(written: &Written) -> Value {
    json!({
        "type": "written",
        "dry_run": written.dry_run,
        "wrote": paths(&written.wrote),
        "edited": paths(&written.edited),
        "unchanged": paths(&written.unchanged),
        "removed": paths(&written.removed),
        "orphaned": paths(&written.orphaned),
    })
}

pub(crate) fn difference(difference: &Difference) -> Value {
    let (kind, reason, diff, others) = match difference {
        Difference::Stale { reason, diff, .. } => ("stale", Some(reason), Some(diff), None),
        Difference::Missing { .. } => ("missing", None, None, None),
        Difference::Orphaned { .. } => ("orphaned", None, None, None),
        Difference::Shared { others, .. } => ("shared", None, None, Some(others)),
        Difference::Refused { reason, .. } => ("refused", Some(reason), None, None),
        _ => ("other", None, None, None),
    };
    json!({
        "type": "difference",
        "kind": kind,
        "file": path(difference.path()),
        "reason": reason,
        "others": others,
        "diff": diff,
    })
}

pub(crate) fn change(change: &Change) -> Value {
    json!({
        "type": "change",
        "rule": change.rule.name,
        "categories": categories(change.rule),
        "message": change.message,
        "element": change.element,
        "new": change.new.as_ref().map(position),
        "old": change.old.as_ref().map(position),
    })
}

pub(crate) fn rule(rule: &Rule) -> Value {
    json!({ "rule": rule.name, "categories": categories(rule), "purpose": rule.purpose })
}

fn categories(rule: &Rule) -> Vec<&str> {
    rule.categories.iter().map(|category| category.name()).collect()
}

/// A position, whose line and column are counted from 1, and null if they are unknown.
fn position(position: &Position) -> Value {
    let (line, column) = position.line_column.unzip();
    json!({ "file": position.file, "line": line, "column": column })
}

fn paths(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| self::path(path)).collect()
}

fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
